import type { Millis } from "../machine.ts";
import type { RateSample } from "./delivery-rate.ts";
import { INTERVAL, MTU } from "./parameters.ts";
import { RoundMaximum } from "./round-maximum.ts";

/** The rate is the best of this many round trips: one that was disturbed does not count. */
const RATE_ROUNDS = 10;
/** The shortest round trip is looked for again after this, ms: the path may have changed. */
const FRESH_FOR = 10_000;
/** More waiting than this in the network is let run off, ms. Twice over is what people notice (about 100 ms). */
const MAX_WAITING = 50;
/** While the rate is still being found, less is enough to know that it has been. */
const MAX_WAITING_AT_START = 20;
/** What is on its way may wait this long in the network, ms, whatever the round trip is; more and the path is slower. */
const MAX_AHEAD = 100;
/** Waiting longer than that for so long, ms, is the path and not a computer that was busy for a moment. */
const SLOWER_AFTER = 400;
/** Nothing acknowledged for so long, ms, is no queue. */
const GAP = 100;
/** Always allowed on its way, bytes: less would make every loss wait for a timeout. */
const LEAST_WINDOW: number = 8 * MTU;
/** Allowed before anything is known, bytes; near TCP's ten segments (RFC 6928). */
const FIRST_WINDOW: number = 16 * MTU;
/** Round trip assumed before one is known, ms. */
const ASSUMED_ROUND_TRIP = 100;
const FIRST_PACE: number = (FIRST_WINDOW / ASSUMED_ROUND_TRIP) * 1000;
/** Rounds without a quarter more speed, after which the path is full. */
const FULL_AFTER = 3;
/** Share lost in a round that is not chance any more but a network that throws away what it cannot carry. */
const OVERLOADED = 0.2;
/** … if it is more than this, bytes: of a few segments a fifth is lost by chance. */
const OVERLOADED_FROM: number = 16 * MTU;
/** Speed that trying a quarter more has to bring, to make us look for the rate anew. */
const WORTHWHILE = 1.1;
/** A round trip at the least, ms: shorter ones disappear in the precision of timers. */
const SHORTEST = 1;
/** Speeds of the eight steps of a cycle, of the rate: once faster, to see whether there is more, then that much slower. */
const CYCLE = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const;

/** What a batch of acknowledgements says. */
export interface Feedback {
  readonly sample: RateSample | undefined;
  /** Shortest round trip in the batch, ms. */
  readonly roundTrip: number | undefined;
  /** Bytes acknowledged since the beginning, those on their way now, and those given up for lost since the beginning. */
  readonly delivered: number;
  readonly inFlight: number;
  readonly lost: number;
}

/**
 * How fast to send and how much to have on its way. Stock has neither and relies on the window alone, which fills
 * any queue; stopping at losses, as TCP does, starves on radio. So this one measures what BBR measures: the rate at
 * which bytes arrive and the shortest round trip. Their product is what the path itself holds; more only waits.
 *
 * `start` doubles the rate until it grows no more, `drain` lets what waits run off and looks at the bare round trip,
 * `cruise` sends at the rate and tries a quarter more now and then. Random loss changes nothing in any of them.
 */
export class Congestion {
  #mode: "start" | "drain" | "cruise" = "start";
  readonly #rates = new RoundMaximum(RATE_ROUNDS);
  #shortest: number | undefined;
  #shortestAt: Millis = 0;
  #round = 0;
  #roundEnds = 0;
  #shortestOfRound: number | undefined;
  #deliveredBeforeRound = 0;
  #lostBeforeRound = 0;
  #best = 0;
  #roundsWithoutMore = 0;
  #heardAt: Millis = 0;
  /** When a datagram last came through without waiting long, and what had been delivered by then. */
  #waitsSince: { readonly at: Millis; readonly delivered: number } | undefined;
  #drainUntil: Millis | undefined;
  #shortestInDrain: number | undefined;
  #foundRate = false;
  #step = 0;
  #stepEnds: Millis = 0;

  /** What the path carries, bytes per second; 0 before the first measurement. A floor while there is little to send. */
  get rate(): number {
    return this.#rates.value;
  }

  /** Shortest round trip of late, ms. */
  get shortestRoundTrip(): number {
    return this.#shortest ?? ASSUMED_ROUND_TRIP;
  }

  /** At which speed to send, bytes per second. */
  get pace(): number {
    const rate = this.rate || FIRST_PACE;
    if (this.#mode === "start") {
      // A few words say nothing about what the path carries: the first picture leaves in first windows all the same.
      const least = this.#foundRate ? 0 : (FIRST_WINDOW / Math.max(SHORTEST, this.shortestRoundTrip)) * 1000;
      return Math.max(least, rate) * 2;
    }
    return rate * (this.#mode === "drain" ? 0.75 : (CYCLE[this.#step] as number));
  }

  /** Most to have on its way, bytes. */
  get window(): number {
    if (this.rate === 0) return FIRST_WINDOW;
    const perMs = this.rate / 1000;
    const held = perMs * Math.max(SHORTEST, this.shortestRoundTrip);
    // Acknowledgements come late by up to the peer's interval; without this a short path would never be full.
    const late = perMs * INTERVAL;
    if (this.#mode === "drain") return Math.max(LEAST_WINDOW, held / 2);
    const most = this.#mode === "start" ? 2 * held : 1.5 * held;
    const least = this.#foundRate ? LEAST_WINDOW : FIRST_WINDOW;
    return Math.max(least, Math.min(most, held + perMs * MAX_AHEAD) + late);
  }

  learn(feedback: Feedback, now: Millis): void {
    this.#learnRoundTrip(feedback.roundTrip, now);
    this.#watch(feedback, now);
    const { sample } = feedback;
    if (sample !== undefined && (!sample.idle || sample.bytesPerSecond > this.rate)) {
      this.#rates.add(this.#round, sample.bytesPerSecond);
    }
    if (feedback.delivered >= this.#roundEnds) this.#endRound(feedback, now);
    if (this.#mode === "drain") this.#drain(feedback, now);
    if (this.#mode === "cruise") this.#cruise(now);
  }

  /**
   * Whether the path has become slower than anything measured. A queue lets something through all the time, and
   * all of it has waited; a computer that did not run for a moment lets nothing through and then everything.
   */
  #watch({ roundTrip, sample, delivered }: Feedback, now: Millis): void {
    if (roundTrip === undefined) return;
    const since = this.#waitsSince;
    const gap = now - this.#heardAt;
    this.#heardAt = now;
    if (since === undefined || gap > GAP || roundTrip - this.shortestRoundTrip <= MAX_AHEAD) {
      this.#waitsSince = { at: now, delivered };
      return;
    }
    const took = now - since.at;
    if (took < SLOWER_AFTER + this.shortestRoundTrip) return;
    this.#waitsSince = { at: now, delivered };
    const idle = sample?.idle ?? true;
    const measured = ((delivered - since.delivered) / took) * 1000;
    this.#best = Math.min(this.rate, Math.max(measured, this.rate / (idle ? 2 : 8)));
    this.#rates.forget();
    this.#rates.add(this.#round, this.#best);
    // Who sends little cannot overshoot, and finds out nothing in any other way.
    this.#foundRate = !idle;
    this.#roundsWithoutMore = 0;
    this.#beginDrain();
  }

  /** `delivered` and what is on its way with it: when that has been acknowledged a round trip has passed. */
  #endRound(feedback: Feedback, now: Millis): void {
    const waiting = (this.#shortestOfRound ?? 0) - this.shortestRoundTrip;
    const lost = feedback.lost - this.#lostBeforeRound;
    const sent = lost + feedback.delivered - this.#deliveredBeforeRound;
    const overloaded = lost > OVERLOADED_FROM && lost > sent * OVERLOADED;
    const idle = feedback.sample?.idle ?? true;
    const stale = now - this.#shortestAt > FRESH_FOR;
    if (idle) {
      // Who sends little drains all the time, and what waits is not of its making.
      if (stale && this.#shortestOfRound !== undefined) this.#freshShortest(this.#shortestOfRound, now);
    } else if (this.#mode === "start") this.#judgeStart(overloaded || waiting > MAX_WAITING_AT_START);
    else if (this.#mode === "cruise" && (stale || waiting > MAX_WAITING)) this.#beginDrain();
    this.#round += 1;
    this.#roundEnds = feedback.delivered + Math.max(1, feedback.inFlight);
    this.#deliveredBeforeRound = feedback.delivered;
    this.#lostBeforeRound = feedback.lost;
    this.#shortestOfRound = undefined;
  }

  #judgeStart(full: boolean): void {
    if (this.rate >= this.#best * 1.25) {
      this.#best = this.rate;
      this.#roundsWithoutMore = 0;
    } else this.#roundsWithoutMore += 1;
    if (!full && this.#roundsWithoutMore < FULL_AFTER) return;
    this.#foundRate = true;
    this.#beginDrain();
  }

  #learnRoundTrip(measured: number | undefined, now: Millis): void {
    if (measured === undefined) return;
    this.#shortestOfRound = Math.min(measured, this.#shortestOfRound ?? measured);
    if (this.#shortest === undefined || measured <= this.#shortest) this.#freshShortest(measured, now);
  }

  #freshShortest(roundTrip: number, now: Millis): void {
    this.#shortest = roundTrip;
    this.#shortestAt = now;
  }

  #beginDrain(): void {
    this.#mode = "drain";
    this.#drainUntil = undefined;
    this.#shortestInDrain = undefined;
  }

  #drain(feedback: Feedback, now: Millis): void {
    const { roundTrip } = feedback;
    if (roundTrip !== undefined) this.#shortestInDrain = Math.min(roundTrip, this.#shortestInDrain ?? roundTrip);
    // What leaves once little is on its way finds no queue: its round trip is the bare one.
    if (feedback.inFlight <= this.window) this.#drainUntil ??= now + 1.25 * this.shortestRoundTrip + INTERVAL;
    if (this.#drainUntil === undefined || now < this.#drainUntil) return;
    // If even now a round trip takes longer, then the path has become longer.
    if (this.#shortestInDrain !== undefined) this.#freshShortest(this.#shortestInDrain, now);
    this.#mode = this.#foundRate ? "cruise" : "start";
    this.#step = 2;
    this.#stepEnds = now;
  }

  #cruise(now: Millis): void {
    if (now < this.#stepEnds) return;
    // What was tried in step 0 is answered a round trip later, in step 1.
    if (this.#step === 1 && this.rate > this.#best * WORTHWHILE) {
      this.#mode = "start";
      this.#roundsWithoutMore = 0;
    }
    this.#step = (this.#step + 1) % CYCLE.length;
    if (this.#step === 0) this.#best = this.rate;
    this.#stepEnds = now + Math.max(INTERVAL, this.shortestRoundTrip);
  }
}
