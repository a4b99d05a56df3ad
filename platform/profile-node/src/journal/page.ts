import { type HistoryEntry, MAX_PAGE } from "@pulpit/host-control";
import type { Crypto } from "@pulpit/protocol";
import type { ProfileFolder } from "../folder.ts";
import { firstNumber, journalFiles, linesOf, MAX_JOURNAL_FILE, numberOf } from "./files.ts";
import { isSigned, parseLine } from "./line.ts";

/**
 * The latest entries before number `before` (0: the latest of all), newest first, at most `limit` and MAX_PAGE. Lines
 * that the owner of `publicKey` did not write are left out; what has become of them, verifyJournal says.
 */
export function journalPage(
  folder: ProfileFolder,
  crypto: Crypto,
  publicKey: Uint8Array,
  { before, limit }: { readonly before: number; readonly limit: number },
): readonly HistoryEntry[] {
  const end = before === 0 ? Number.POSITIVE_INFINITY : before;
  const most = Math.min(limit, MAX_PAGE);
  const entries: HistoryEntry[] = [];
  for (const name of journalFiles(folder).toReversed()) {
    if (entries.length >= most) break;
    if ((firstNumber(folder, name) ?? 0) >= end) continue;
    const { lines } = linesOf(folder.readBytes(name, MAX_JOURNAL_FILE) ?? new Uint8Array());
    for (const bytes of lines.toReversed()) {
      if (entries.length >= most) break;
      if ((numberOf(bytes) ?? end) >= end) continue;
      const line = parseLine(bytes);
      if (line === undefined || !isSigned(line, crypto, publicKey)) continue;
      entries.push({ number: line.number, at: line.at, event: line.event });
    }
  }
  return entries;
}
