import { closeSync, constants, fsyncSync, ftruncateSync } from "node:fs";
import { join } from "node:path";
import type { Crypto } from "@pulpit/protocol";
import type { ProfileFolder } from "../folder.ts";
import { openOwn } from "../own-file.ts";
import { ProfileError } from "../profile-error.ts";
import { journalFiles, linesOf, MAX_JOURNAL_FILE, numberOf, placeOf } from "./files.ts";
import { type Head, readHead } from "./head.ts";
import { CHAIN_START, type ChainEnd, hashOf, isSigned, parseLine, UNKNOWN_HASH } from "./line.ts";

/** Lines from the end among which the last one of ours is looked for when the head is lost. */
const LINES_LOOKED_AT = 1000;

/** Where a journal goes on. */
export interface Resumption {
  readonly end: ChainEnd;
  /** Place of the file to append to; it need not exist. */
  readonly place: number;
  readonly fault?: ProfileError;
}

/**
 * Finds where the journal in `folder` goes on. Lines behind the head that hold are taken up, and the half line that a
 * crash left is cut off. A journal that is not as it was left goes on in a new file, by what the head says: nothing
 * of what is there is touched, and its check finds the place ever after.
 */
export function resumeJournal(folder: ProfileFolder, crypto: Crypto, publicKey: Uint8Array): Resumption {
  const head = readHead(folder, crypto, publicKey);
  const name = journalFiles(folder).at(-1);
  if (name === undefined && head === undefined) return { end: CHAIN_START, place: 1 };
  const place = placeOf(name);
  const content = name === undefined ? new Uint8Array() : contentOf(folder, name);
  if (content === undefined || head === undefined || !head.ours) {
    const number = lastNumber(content, crypto, publicKey);
    return { end: { number, hash: UNKNOWN_HASH }, place: place + 1, fault: changed(folder) };
  }
  const { lines, rest } = linesOf(content);
  const end = endOf(lines, head, crypto, publicKey);
  // A file that was just begun has no line yet: the head is about the one before, or about none.
  const holds = end !== undefined && (lines.length > 0 || head.number === 0 || place > 1);
  if (!holds) return { end: head, place: place + 1, fault: changed(folder) };
  if (rest.length === 0) return { end, place: Math.max(place, 1) };
  cut(join(folder.path, name as string), content.length - rest.length);
  const fault = new ProfileError("half-written", `half a line at the end of the history in ${folder.path} was cut off`);
  return { end, place, fault };
}

/** The end of the lines when all of those behind the head hold and the head's own is there; undefined otherwise. */
function endOf(lines: readonly Uint8Array[], head: Head, crypto: Crypto, publicKey: Uint8Array): ChainEnd | undefined {
  let start = lines.length;
  while (start > 0 && (numberOf(lines[start - 1] as Uint8Array) ?? 0) > head.number) start--;
  const own = lines[start - 1];
  if (own !== undefined && hashOf(own, crypto) !== head.hash) return undefined;
  let end: ChainEnd = head;
  for (const bytes of lines.slice(start)) {
    const line = parseLine(bytes);
    if (line === undefined || line.number !== end.number + 1 || line.prev !== end.hash) return undefined;
    if (!isSigned(line, crypto, publicKey)) return undefined;
    end = { number: line.number, hash: hashOf(bytes, crypto) };
  }
  return { number: end.number, hash: end.hash };
}

/** Number of the last line of ours; 0 when there is none near the end. */
function lastNumber(content: Uint8Array | undefined, crypto: Crypto, publicKey: Uint8Array): number {
  const lines = linesOf(content ?? new Uint8Array()).lines.slice(-LINES_LOOKED_AT);
  for (const bytes of lines.toReversed()) {
    const line = parseLine(bytes);
    if (line !== undefined && isSigned(line, crypto, publicKey)) return line.number;
  }
  return 0;
}

function contentOf(folder: ProfileFolder, name: string): Uint8Array | undefined {
  try {
    return folder.readBytes(name, MAX_JOURNAL_FILE);
  } catch (error) {
    if (error instanceof ProfileError && error.code === "too-large") return undefined;
    throw error;
  }
}

function cut(path: string, size: number): void {
  const file = openOwn(path, constants.O_RDWR);
  try {
    ftruncateSync(file, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function changed(folder: ProfileFolder): ProfileError {
  return new ProfileError("damaged", `the history in ${folder.path} is not as it was left; check it`);
}
