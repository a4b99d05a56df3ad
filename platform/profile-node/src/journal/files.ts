import { closeSync, constants, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ProfileFolder } from "../folder.ts";
import { openOwn } from "../own-file.ts";
import { MAX_LINE } from "./line.ts";

/** A new file is begun when the present one has come to this, bytes. */
export const FULL_FILE: number = 8 * 1024 * 1024;
/** Largest file: one line more than full. */
export const MAX_JOURNAL_FILE: number = FULL_FILE + MAX_LINE + 1;
const NAME = /^journal-(\d{6})\.jsonl$/;
const NEWLINE = 10;
/** How every line begins; its number is within these bytes. */
const BEGINNING = /^\{"n":(\d{1,15}),/;
const BEGINNING_BYTES = 24;

/** Name of the file with this place in the row; the first is 1. */
export function journalFile(place: number): string {
  return `journal-${String(place).padStart(6, "0")}.jsonl`;
}

/** Names of all files of the journal, oldest first. */
export function journalFiles(folder: ProfileFolder): readonly string[] {
  return readdirSync(folder.path)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Place in the row of a file; 0 when there is none. */
export function placeOf(name: string | undefined): number {
  return Number(NAME.exec(name ?? "")?.[1] ?? 0);
}

/** The lines of a file without their newlines, and what is behind the last newline. */
export function linesOf(content: Uint8Array): { readonly lines: readonly Uint8Array[]; readonly rest: Uint8Array } {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, start)) {
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return { lines, rest: content.subarray(start) };
}

/** Number a line says it has, without a look at the rest; undefined when it begins like no line. */
export function numberOf(line: Uint8Array): number | undefined {
  const digits = BEGINNING.exec(Buffer.from(line.subarray(0, BEGINNING_BYTES)).toString("latin1"))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Number of the first line in a file; undefined when there is none. */
export function firstNumber(folder: ProfileFolder, name: string): number | undefined {
  const file = openOwn(join(folder.path, name), constants.O_RDONLY);
  try {
    const beginning = new Uint8Array(BEGINNING_BYTES);
    return numberOf(beginning.subarray(0, readSync(file, beginning, 0, BEGINNING_BYTES, 0)));
  } finally {
    closeSync(file);
  }
}
