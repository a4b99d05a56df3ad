import type { Millis } from "../machine.ts";

/** What was known when a segment left; kept with it until it is acknowledged. */
export interface Departure {
  readonly at: Millis;
  /** Bytes acknowledged by then, and when the last of them were. */
  readonly delivered: number;
  readonly deliveredAt: Millis;
  /** When the segment left that was acknowledged last by then. */
  readonly previousAt: Millis;
  /** There was less to send than the path would have taken, so the rate says nothing about the path. */
  readonly idle: boolean;
}

/** How fast bytes arrived between a departure and now. */
export interface RateSample {
  readonly bytesPerSecond: number;
  readonly idle: boolean;
}

/**
 * How fast the path delivers: bytes acknowledged while a segment was on its way, over the time that took. Of the
 * time between departures and the time between acknowledgements the longer one counts, so that neither a burst
 * nor acknowledgements that come in clumps look like speed. (The estimator of BBR:
 * draft-cheng-iccrg-delivery-rate-estimation.)
 */
export class DeliveryRate {
  #delivered = 0;
  #deliveredAt: Millis = 0;
  #previousAt: Millis = 0;
  #idleUntil = 0;
  #newest: Departure | undefined;

  /** Bytes acknowledged so far. */
  get delivered(): number {
    return this.#delivered;
  }

  /** `inFlight`: bytes on their way before this segment. */
  departs(inFlight: number, now: Millis): Departure {
    if (inFlight === 0) {
      this.#deliveredAt = now;
      this.#previousAt = now;
    }
    return {
      at: now,
      delivered: this.#delivered,
      deliveredAt: this.#deliveredAt,
      previousAt: this.#previousAt,
      idle: this.#delivered < this.#idleUntil,
    };
  }

  /** There is nothing more to send: what is on its way now does not fill the path. */
  ranDry(inFlight: number): void {
    this.#idleUntil = this.#delivered + Math.max(1, inFlight);
  }

  acknowledged(bytes: number, departure: Departure, now: Millis): void {
    this.#delivered += bytes;
    this.#deliveredAt = now;
    if (this.#newest !== undefined && departure.at < this.#newest.at) return;
    this.#newest = departure;
    this.#previousAt = departure.at;
  }

  /**
   * The rate over what was acknowledged since the last call. `shortest`: less than this cannot be a round trip, ms;
   * whatever seems to have taken less was acknowledged for an earlier sending.
   */
  takeSample(shortest: number): RateSample | undefined {
    const departure = this.#newest;
    this.#newest = undefined;
    if (departure === undefined) return undefined;
    const between = Math.max(departure.at - departure.previousAt, this.#deliveredAt - departure.deliveredAt);
    if (between <= 0 || between < shortest) return undefined;
    return { bytesPerSecond: ((this.#delivered - departure.delivered) / between) * 1000, idle: departure.idle };
  }
}
