import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeCrypto } from "@pulpit/crypto-node";
import type { HistoryEvent } from "@pulpit/host-control";
import type { ProfileFolder } from "../src/folder.ts";
import { type Journal, openJournal } from "../src/journal/journal.ts";

/** 2026-01-01T00:00:00.000Z */
export const EPOCH: number = 1_767_225_600_000;
export const FIRST_FILE = "journal-000001.jsonl";

export const crypto = nodeCrypto();
export const keys = crypto.signKeyPair(new Uint8Array(32).fill(1));
export const otherKeys = crypto.signKeyPair(new Uint8Array(32).fill(2));

/** A journal of a made-up host; `faults` gets what it reports. */
export function journalIn(
  folder: ProfileFolder,
  { signers = keys, now = () => EPOCH, faults = [] as Error[] } = {},
): Journal {
  return openJournal({ folder, crypto, keys: signers, now, onFault: (error) => faults.push(error) });
}

export function started(version: string): HistoryEvent {
  return { type: "started", version };
}

/** Opens a journal, appends one entry for each version and closes it. */
export function written(folder: ProfileFolder, versions: readonly string[], signers = keys): void {
  const journal = journalIn(folder, { signers });
  for (const version of versions) journal.append(started(version));
  journal.close();
}

/** Lets `change` make other lines of the first file's. */
export function changeLines(folder: ProfileFolder, change: (lines: string[]) => readonly string[]): void {
  const path = join(folder.path, FIRST_FILE);
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  writeFileSync(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}
