import type { Millis } from "../machine.ts";
import { ByteQueue } from "./byte-queue.ts";
import { Congestion } from "./congestion.ts";
import { DeliveryRate, type Departure } from "./delivery-rate.ts";
import { Pacer } from "./pacer.ts";
import {
  FAST_RESEND,
  FAST_RESEND_LIMIT,
  FIRST_REMOTE_WINDOW,
  INTERVAL,
  MAX_SEGMENT_DATA,
  SEGMENT_HEADER,
  WINDOW,
} from "./parameters.ts";
import { ResendTimeout } from "./resend-timeout.ts";
import { advanced, ahead } from "./sequence.ts";

/** Longest wait before a segment is sent once more, ms: a path that comes back after minutes is used soon. */
const MAX_PATIENCE = 3_000;
/** While acknowledgements of earlier segments still come in, no more than this apart, ms, a late one is only late. */
const STEADY: number = 2 * INTERVAL;

/** A segment that has been sent and not been acknowledged. */
interface Flight {
  readonly number: number;
  readonly data: Uint8Array;
  readonly firstSentAt: Millis;
  departure: Departure;
  /** The conversation's clock at its last sending. */
  timestamp: number;
  sendings: number;
  timeout: number;
  resendAt: Millis;
  /** Acknowledgements of segments that left later. */
  passed: number;
  lost: boolean;
}

/** A segment to send now. */
export interface Sending {
  readonly number: number;
  readonly data: Uint8Array;
}

/**
 * The sending half of a conversation: cuts what was written into segments, decides when each may leave, and which
 * have to leave again. Never more than a window of segments is unacknowledged, whatever a peer claims; what it says
 * about segments that are not on their way is ignored.
 */
export class SendWindow {
  readonly #queue = new ByteQueue();
  readonly #flights: (Flight | undefined)[] = new Array<Flight | undefined>(WINDOW).fill(undefined);
  #oldest = 0;
  #next = 0;
  /** Given up for lost, in the order that was noticed; some may have been acknowledged since. */
  #lost: Flight[] = [];
  #inFlight = 0;
  #bytesLost = 0;
  #remoteWindow = FIRST_REMOTE_WINDOW;
  #earliestResend: Millis = Number.POSITIVE_INFINITY;
  #roundTrip: number | undefined;
  #excused = false;
  #acknowledgedAt: Millis = Number.NEGATIVE_INFINITY;
  /** When the latest segment left that has been acknowledged. */
  #latestDeparture: Millis = Number.NEGATIVE_INFINITY;
  readonly #timeout = new ResendTimeout();
  readonly #rate = new DeliveryRate();
  readonly #congestion = new Congestion();
  readonly #pacer = new Pacer();

  /** Written and never sent yet, bytes. */
  get queuedBytes(): number {
    return this.#queue.length;
  }

  /** Nothing is waiting and everything has arrived. */
  get empty(): boolean {
    return this.#queue.length === 0 && this.#oldest === this.#next;
  }

  get remoteWindow(): number {
    return this.#remoteWindow;
  }

  /** What the path carries, bytes per second, 0 while unknown. */
  get bytesPerSecond(): number {
    return this.#congestion.rate;
  }

  /** Mean round trip, ms; 0 while unknown. */
  get roundTrip(): number {
    return this.#timeout.roundTrip;
  }

  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  /** `segments`: room at the peer, as every segment of it says. */
  remoteHasRoom(segments: number): void {
    this.#remoteWindow = segments;
  }

  /** Everything before `number` has arrived. */
  arrivedBefore(number: number, now: Millis): void {
    if (ahead(number, this.#next) < 0) return;
    while (ahead(this.#oldest, number) > 0) {
      this.#forget(this.#flights[this.#oldest % WINDOW], now);
      this.#oldest = advanced(this.#oldest, 1);
    }
  }

  /** One segment has arrived. `timestamp`: ms of the conversation's clock at its sending, `age`: ms since then. */
  arrived(number: number, age: number, now: Millis): void {
    const flight = this.#flight(number);
    if (flight === undefined) return;
    const unmistakable = flight.sendings === 1 ? now - flight.firstSentAt : age;
    if (unmistakable >= 0 && unmistakable <= now - flight.firstSentAt + 1) {
      this.#timeout.measured(unmistakable, now);
      this.#roundTrip = Math.min(unmistakable, this.#roundTrip ?? unmistakable);
    }
    this.#forget(flight, now);
    while (this.#oldest !== this.#next && this.#flights[this.#oldest % WINDOW] === undefined) {
      this.#oldest = advanced(this.#oldest, 1);
    }
  }

  /**
   * Segments behind the first that is missing have arrived: bit i of `vector`, the lowest of a byte first, is that of
   * segment `missing` + 1 + i. When they did is not said, so nothing is measured.
   */
  arrivedBeyond(missing: number, vector: Uint8Array, now: Millis): void {
    for (let i = 0; i < Math.min(WINDOW, 8 * vector.length); i++) {
      if (((vector[i >> 3] as number) & (1 << (i & 7))) === 0) continue;
      this.#forget(this.#flight(advanced(missing, 1 + i)), now);
    }
  }

  /** To be called once per datagram, with the newest segment it acknowledged and that one's timestamp. */
  passedBy(number: number, timestamp: number): void {
    for (let each = this.#oldest; ahead(each, number) > 0 && each !== this.#next; each = advanced(each, 1)) {
      const flight = this.#flights[each % WINDOW];
      if (flight === undefined || flight.lost) continue;
      // What was sent again may have left after the one acknowledged: that says nothing about it then.
      if (flight.sendings > 1 && ahead(flight.timestamp, timestamp) <= 0) continue;
      flight.passed += 1;
      if (flight.passed < FAST_RESEND || flight.sendings > FAST_RESEND_LIMIT) continue;
      this.#bytesLost += sizeOf(flight);
      this.#giveUp(flight);
    }
  }

  /** To be called after all that a datagram said: draws the conclusions. */
  settle(now: Millis): void {
    const sample = this.#rate.takeSample(this.#congestion.shortestRoundTrip / 2);
    const { delivered } = this.#rate;
    const feedback = { sample, roundTrip: this.#roundTrip, delivered, inFlight: this.#inFlight, lost: this.#bytesLost };
    this.#roundTrip = undefined;
    this.#congestion.learn(feedback, now);
  }

  /** What may leave now, in order. `timestamp`: the conversation's clock, ms. */
  *sendings(timestamp: number, now: Millis): Generator<Sending> {
    this.#expire(now);
    this.#pacer.refill(this.#congestion.pace, now);
    while (this.#pacer.maySend && (this.#inFlight === 0 || this.#inFlight < this.#congestion.window)) {
      const flight = this.#nextLost() ?? this.#nextNew(now);
      if (flight === undefined) break;
      const again = flight.passed >= FAST_RESEND;
      flight.timestamp = timestamp;
      this.#depart(flight, now);
      yield flight;
      if (!again) continue;
      // Everything behind it waits for what was lost, so that goes twice: losing it once more is that unlikely. What is
      // only late, for all we know, does not.
      this.#pacer.take(sizeOf(flight));
      yield flight;
    }
    if (this.#queue.length === 0 && this.#lost.length === 0 && this.#inFlight < this.#congestion.window) {
      this.#rate.ranDry(this.#inFlight);
    }
  }

  /** When `sendings` may have something again. */
  deadline(now: Millis): Millis {
    const hasMore = this.#lost.length > 0 || (this.#queue.length > 0 && this.#hasRoom());
    const open = this.#inFlight === 0 || this.#inFlight < this.#congestion.window;
    const paced = hasMore && open ? this.#pacer.nextAt(this.#congestion.pace, now) : Number.POSITIVE_INFINITY;
    return Math.min(this.#earliestResend, paced);
  }

  #flight(number: number): Flight | undefined {
    if (ahead(this.#oldest, number) < 0 || ahead(number, this.#next) <= 0) return undefined;
    return this.#flights[number % WINDOW];
  }

  #hasRoom(): boolean {
    return ahead(this.#oldest, this.#next) < Math.min(WINDOW, this.#remoteWindow);
  }

  #nextLost(): Flight | undefined {
    for (;;) {
      const flight = this.#lost.shift();
      if (flight === undefined || this.#flights[flight.number % WINDOW] === flight) return flight;
    }
  }

  #nextNew(now: Millis): Flight | undefined {
    if (this.#queue.length === 0 || !this.#hasRoom()) return undefined;
    const flight: Flight = {
      number: this.#next,
      data: this.#queue.take(MAX_SEGMENT_DATA),
      firstSentAt: now,
      departure: this.#rate.departs(this.#inFlight, now),
      timestamp: 0,
      sendings: 0,
      timeout: 0,
      resendAt: 0,
      passed: 0,
      lost: false,
    };
    this.#flights[flight.number % WINDOW] = flight;
    this.#next = advanced(this.#next, 1);
    return flight;
  }

  #depart(flight: Flight, now: Millis): void {
    const size = sizeOf(flight);
    flight.departure = this.#rate.departs(this.#inFlight, now);
    if (flight.sendings === 0) flight.timeout = this.#timeout.timeout;
    flight.resendAt = now + flight.timeout;
    flight.sendings += 1;
    flight.passed = 0;
    flight.lost = false;
    this.#inFlight += size;
    this.#earliestResend = Math.min(this.#earliestResend, flight.resendAt);
    this.#pacer.take(size);
  }

  #forget(flight: Flight | undefined, now: Millis): void {
    if (flight === undefined) return;
    if (!flight.lost) this.#inFlight -= sizeOf(flight);
    this.#rate.acknowledged(sizeOf(flight), flight.departure, now);
    this.#acknowledgedAt = now;
    this.#latestDeparture = Math.max(this.#latestDeparture, flight.departure.at);
    this.#flights[flight.number % WINDOW] = undefined;
  }

  #giveUp(flight: Flight): void {
    flight.lost = true;
    this.#inFlight -= sizeOf(flight);
    this.#lost.push(flight);
  }

  #expire(now: Millis): void {
    if (now < this.#earliestResend) return;
    // We did not run when we should have: acknowledgements may lie in the socket. Once is enough.
    const overslept = now > this.#earliestResend + STEADY;
    if (overslept && !this.#excused) {
      this.#excused = true;
      this.#earliestResend = now + INTERVAL;
      return;
    }
    this.#excused = false;
    this.#earliestResend = Number.POSITIVE_INFINITY;
    for (let each = this.#oldest; each !== this.#next; each = advanced(each, 1)) {
      const flight = this.#flights[each % WINDOW];
      if (flight === undefined || flight.lost) continue;
      if (this.#resendAt(flight) <= now) {
        flight.timeout = Math.min(MAX_PATIENCE, flight.timeout * 1.5);
        this.#giveUp(flight);
      } else this.#earliestResend = Math.min(this.#earliestResend, this.#resendAt(flight));
    }
  }

  #resendAt(flight: Flight): Millis {
    if (flight.departure.at < this.#latestDeparture) return flight.resendAt;
    return Math.max(flight.resendAt, this.#acknowledgedAt + STEADY);
  }
}

/** On the wire, without what is outside KCP; empty segments never leave, so this is never 0. */
function sizeOf(flight: Flight): number {
  return SEGMENT_HEADER + flight.data.length;
}
