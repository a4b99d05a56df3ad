import type { Millis } from "../machine.ts";
import { FIRST_TIMEOUT, INTERVAL, MAX_TIMEOUT, MIN_TIMEOUT } from "./parameters.ts";

/** The longest round trip is remembered for at least this many, and at most twice as many, round trips. */
const REMEMBERED = 4;

/**
 * How long to wait for an acknowledgement before sending again: as stock reckons it (wire.md, section 5.4), but never
 * less than a round trip took a moment ago. With a measurement per segment stock's variation forgets within
 * milliseconds, and every small queue on the way would make it send again what is about to arrive.
 */
export class ResendTimeout {
  #smooth = 0;
  #variation = 0;
  #longest = 0;
  #longestBefore = 0;
  #forgetAt: Millis = 0;

  /** Ms. */
  get timeout(): number {
    if (this.#smooth === 0) return FIRST_TIMEOUT;
    const usual = this.#smooth + Math.max(INTERVAL, 4 * this.#variation);
    const seen = Math.max(this.#longest, this.#longestBefore) + INTERVAL;
    return Math.min(MAX_TIMEOUT, Math.max(MIN_TIMEOUT, usual, seen));
  }

  /** Mean round trip, ms; 0 before the first measurement. */
  get roundTrip(): number {
    return this.#smooth;
  }

  /** `roundTrip`: one measurement, ms, not negative. */
  measured(roundTrip: number, now: Millis): void {
    if (this.#smooth === 0) {
      this.#smooth = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation = (3 * this.#variation + Math.abs(roundTrip - this.#smooth)) / 4;
      this.#smooth = (7 * this.#smooth + roundTrip) / 8;
    }
    this.#smooth = Math.max(1, this.#smooth);
    if (now >= this.#forgetAt) {
      this.#longestBefore = this.#longest;
      this.#longest = 0;
      this.#forgetAt = now + REMEMBERED * this.#smooth;
    }
    this.#longest = Math.max(this.#longest, roundTrip);
  }
}
