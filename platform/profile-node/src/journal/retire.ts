import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { ProfileFolder } from "../folder.ts";
import { isCode } from "../own-file.ts";
import { journalFiles } from "./files.ts";
import { HEAD_FILE } from "./head.ts";
import { toHex } from "./hex.ts";

/** Hex digits of the key in the folder's name. */
const DIGITS = 16;

/**
 * Moves the journal into a folder beside it, named after the key that signed it, because the host goes on with another
 * one; there it can still be checked against that key. Nothing happens when there is no journal.
 */
export function retireJournal(folder: ProfileFolder, publicKey: Uint8Array): void {
  const names = journalFiles(folder);
  if (names.length === 0) return;
  const target = freeFolder(join(folder.path, `journal-of-${toHex(publicKey).slice(0, DIGITS)}`));
  for (const name of names) renameSync(join(folder.path, name), join(target, name));
  try {
    renameSync(join(folder.path, HEAD_FILE), join(target, HEAD_FILE));
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
  folder.settle();
}

/** Made anew: a key may come back after a while and be replaced again. */
function freeFolder(wished: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? wished : `${wished}-${number}`;
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
  }
}
