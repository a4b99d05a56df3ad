import type { Millis } from "../machine.ts";

/** Why an attempt is not even looked at. */
export type Blocked = "minute" | "total";

/** Failures of one address in one minute before it has to wait (docs/protocol/session.md, section 11.3). */
const PER_MINUTE = 6;
/** Failures of one address in all. */
const TOTAL = 30;
const MINUTE = 60_000;
/** Totals are forgiven after a quiet day: a shared address must not stay locked out until a restart. */
const FORGIVEN_AFTER = 24 * 60 * MINUTE;
/** Addresses remembered; beyond it the one that failed longest ago is forgotten. */
const MAX_ADDRESSES = 10_000;

interface Failures {
  minute: number;
  inMinute: number;
  total: number;
  last: Millis;
}

/** Counts wrong passwords by source address and says when to stop listening. */
export class Attempts {
  readonly #failures = new Map<string, Failures>();

  /** Whether an attempt from `address` may be evaluated now; a blocked one is not counted. */
  blocked(address: string, now: Millis): Blocked | undefined {
    const entry = this.#failures.get(address);
    if (entry === undefined) return undefined;
    if (now - entry.last > FORGIVEN_AFTER) {
      this.#failures.delete(address);
      return undefined;
    }
    if (entry.total > TOTAL) return "total";
    return entry.minute === minuteOf(now) && entry.inMinute > PER_MINUTE ? "minute" : undefined;
  }

  failed(address: string, now: Millis): void {
    const entry = this.#failures.get(address) ?? { minute: 0, inMinute: 0, total: 0, last: now };
    // Re-inserted, so that the map stays in order of last failure.
    this.#failures.delete(address);
    entry.inMinute = entry.minute === minuteOf(now) ? entry.inMinute + 1 : 1;
    entry.minute = minuteOf(now);
    entry.total += 1;
    entry.last = now;
    this.#failures.set(address, entry);
    if (this.#failures.size > MAX_ADDRESSES) this.#failures.delete(this.#failures.keys().next().value as string);
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }
}

function minuteOf(now: Millis): number {
  return Math.floor(now / MINUTE);
}
