import { setImmediate } from "node:timers/promises";
import type { JournalVerdict } from "@pulpit/host-control";
import type { Crypto } from "@pulpit/protocol";
import type { ProfileFolder } from "../folder.ts";
import { ChainCheck } from "./chain-check.ts";
import { journalFiles, linesOf, MAX_JOURNAL_FILE } from "./files.ts";
import { type Head, readHead } from "./head.ts";

/** Lines checked at a time, some milliseconds; what else the host has to do comes in between. */
const LINES_AT_A_TIME = 32;

/**
 * Checks every line of the journal in `folder` against `publicKey` (Ed25519, 32 bytes), its order and its end; works
 * with and without a running host. An end that was cut off together with a head of that time is not noticed.
 * Rejects when a file can't be read at all.
 */
export async function verifyJournal(
  folder: ProfileFolder,
  crypto: Crypto,
  publicKey: Uint8Array,
): Promise<JournalVerdict> {
  return await verifyUpTo(readHead(folder, crypto, publicKey), folder, crypto, publicKey);
}

/** The same against a head that the caller knows. */
export async function verifyUpTo(
  head: Head | undefined,
  folder: ProfileFolder,
  crypto: Crypto,
  publicKey: Uint8Array,
): Promise<JournalVerdict> {
  const check = new ChainCheck(crypto, publicKey, head);
  let rest: Uint8Array = new Uint8Array();
  for (const name of journalFiles(folder)) {
    const left = check.takeRest(rest);
    if (left !== undefined) return left;
    // Removed since the folder was listed: the next line or the head tells.
    const content = folder.readBytes(name, MAX_JOURNAL_FILE) ?? new Uint8Array();
    const found = linesOf(content);
    for (const [at, line] of found.lines.entries()) {
      if (at % LINES_AT_A_TIME === LINES_AT_A_TIME - 1) await setImmediate();
      const broken = check.take(line);
      if (broken !== undefined) return broken;
    }
    rest = found.rest;
  }
  return check.finish(rest);
}
