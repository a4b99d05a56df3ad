import type { HistoryEntry, HistoryEvent, JournalVerdict } from "@pulpit/host-control";
import { UNKNOWN_HASH } from "./line.ts";
import { journalPage } from "./page.ts";
import { Refusals } from "./refusals.ts";
import { verifyUpTo } from "./verify.ts";
import { JournalWriter, type WriterOptions } from "./writer.ts";

export interface JournalOptions extends WriterOptions {
  /** Unix time, ms. */
  readonly now: () => number;
}

/** What a host writes down about itself: append-only, each line signed and tied to the one before. */
export interface Journal {
  /** What can't be kept is reported. Equal refusals within a minute become one entry. */
  append(event: HistoryEvent): void;
  /** The latest entries before number `before` (0: the latest of all), newest first, at most `limit` and 200. */
  page(before: number, limit: number): readonly HistoryEntry[];
  /** Checks all of it; takes about a second per ten thousand entries, in pieces. */
  verify(): Promise<JournalVerdict>;
  /** Everything is on disk when this returns; nothing may be appended any more. */
  close(): void;
}

/** Opens the journal in `folder`, or begins one. One process at a time. Throws when the folder can't be read. */
export function openJournal(options: JournalOptions): Journal {
  const { folder, crypto, keys, now } = options;
  const writer = new JournalWriter(options);
  const refusals = new Refusals((at, event) => writer.append(new Date(at).toISOString(), event));
  let isClosed = false;
  return {
    append(event) {
      if (isClosed) throw new Error("the journal is closed");
      if (event.type === "refused") return refusals.take(now(), event);
      refusals.flush();
      writer.append(new Date(now()).toISOString(), event);
    },
    page(before, limit) {
      // Whoever looks sees what has happened up to now.
      if (before === 0) refusals.flush();
      return journalPage(folder, crypto, keys.publicKey, { before, limit });
    },
    verify() {
      const { end } = writer;
      return verifyUpTo({ ...end, ours: end.hash !== UNKNOWN_HASH }, folder, crypto, keys.publicKey);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      refusals.flush();
      writer.close();
    },
  };
}
