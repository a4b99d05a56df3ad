import type { Millis } from "../machine.ts";
import { addressBytes, prefixOf } from "./network.ts";

/** Failures of all strangers together that go through at once … */
const BURST = 30;
/** … and one more for each of these, ms: 4320 guesses a day, whatever the number of addresses. */
const REFILL: Millis = 20_000;
/** Addresses that have logged in which are remembered; beyond it the one that came longest ago is forgotten. */
const MAX_KNOWN = 256;

/**
 * What everybody who never logged in here may get wrong together. It bounds guessing from a thousand addresses, and
 * holds up only strangers: an address that has logged in is not in it (docs/protocol/session.md, section 22, row 11).
 */
export class StrangersBudget {
  readonly #known: Map<string, Millis>;
  #left: number;
  #filledAt: Millis;

  constructor(
    known: readonly (readonly [address: string, last: Millis])[],
    level: readonly [left: number, filledAt: Millis] = [BURST, 0],
  ) {
    this.#known = new Map(known.slice(-MAX_KNOWN));
    [this.#left, this.#filledAt] = level;
  }

  knows(address: string): boolean {
    const key = keyOf(address);
    return key !== undefined && this.#known.has(key);
  }

  welcome(address: string, now: Millis): void {
    const key = keyOf(address);
    if (key === undefined) return;
    // Re-inserted, so that the map stays in order of last visit.
    this.#known.delete(key);
    this.#known.set(key, now);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value as string);
  }

  /** Until the next stranger's attempt is looked at, ms. */
  wait(now: Millis): Millis {
    this.#fill(now);
    return this.#left >= 1 ? 0 : Math.ceil((1 - this.#left) * REFILL);
  }

  spend(now: Millis): void {
    this.#fill(now);
    this.#left = Math.max(0, this.#left - 1);
  }

  level(): readonly [left: number, filledAt: Millis] {
    return [this.#left, this.#filledAt];
  }

  known(): readonly (readonly [address: string, last: Millis])[] {
    return [...this.#known];
  }

  #fill(now: Millis): void {
    // A clock that was set back fills nothing, and counts from there.
    const passed = Math.max(0, now - this.#filledAt);
    this.#left = Math.min(BURST, this.#left + passed / REFILL);
    this.#filledAt = now;
  }
}

function keyOf(address: string): string | undefined {
  const bytes = addressBytes(address);
  return bytes && prefixOf(bytes, 128);
}
