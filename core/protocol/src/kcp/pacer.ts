import type { Millis } from "../machine.ts";
import { MTU } from "./parameters.ts";

/** What was not sent earlier may be made up for at once, up to this many ms of the pace … */
const BURST_TIME = 25;
/** … at least this, bytes, so that a timer that rings late costs nothing … */
const LEAST_BURST: number = 8 * MTU;
/** … and at most this, or so many ms of the pace: a picture leaves in one go, yet no queue on the way overflows. */
const MOST_BURST: number = 32 * MTU;
const MOST_BURST_TIME = 10;

/** Spreads sending over time: an allowance that fills at the pace and that every datagram is taken from. */
export class Pacer {
  #allowance: number = LEAST_BURST;
  #filledAt: Millis | undefined;

  /** `pace`: bytes per second. */
  refill(pace: number, now: Millis): void {
    const perMs = pace / 1000;
    const wanted = Math.max(LEAST_BURST, perMs * BURST_TIME);
    const most = Math.min(wanted, Math.max(MOST_BURST, perMs * MOST_BURST_TIME));
    const elapsed = this.#filledAt === undefined ? 0 : Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#allowance = Math.min(most, this.#allowance + perMs * elapsed);
  }

  get maySend(): boolean {
    return this.#allowance > 0;
  }

  take(bytes: number): void {
    this.#allowance -= bytes;
  }

  /** When there is an allowance again at this pace. */
  nextAt(pace: number, now: Millis): Millis {
    return this.#allowance > 0 ? now : now + (1 - this.#allowance) / (pace / 1000);
  }
}
