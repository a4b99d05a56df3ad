import type { HistoryEntry } from "@pulpit/host-control";

/** Neighbours of the same day (by this browser's clock) together, in their order; each with the moment of its first. */
export function byDay(entries: readonly HistoryEntry[]): readonly (readonly [at: string, HistoryEntry[]])[] {
  const days: [string, HistoryEntry[]][] = [];
  for (const entry of entries) {
    const last = days.at(-1);
    if (last !== undefined && dayOf(last[0]) === dayOf(entry.at)) last[1].push(entry);
    else days.push([entry.at, [entry]]);
  }
  return days;
}

function dayOf(at: string): string {
  return new Date(at).toDateString();
}
