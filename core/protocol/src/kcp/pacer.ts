import type { Millis } from "../machine.ts";
import { MTU } from "./parameters.ts";

/** What was not sent earlier may be made up for at once up to this many ms of the pace … */
const BURST_TIME = 25;
/** … within these bounds, bytes: a picture of a screen leaves in one go, yet no queue on the way overflows. */
const LEAST_BURST: number = 8 * MTU;
const MOST_BURST: number = 32 * MTU;

/** Spreads sending over time: an allowance that fills at the pace and that every datagram is taken from. */
export class Pacer {
  #allowance: number = LEAST_BURST;
  #filledAt: Millis | undefined;

  /** `pace`: bytes per second. */
  refill(pace: number, now: Millis): void {
    const most = Math.min(MOST_BURST, Math.max(LEAST_BURST, (pace / 1000) * BURST_TIME));
    const elapsed = this.#filledAt === undefined ? 0 : Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#allowance = Math.min(most, this.#allowance + (pace / 1000) * elapsed);
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
