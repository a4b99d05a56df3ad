import type { Millis } from "../machine.ts";
import { Carried } from "./carried.ts";

/** Pictures under way at the very least, on a path that carries them: one travels while the next is made. */
const MIN_IN_FLIGHT = 2;
/** … and at most: beyond a second of delay more pictures only add to it. */
const MAX_IN_FLIGHT = 30;
/** On a path that is full, what waits in queues is at most as much as it carries in this, ms. */
const MOST_WAITING = 200;
/** Bytes a viewer without acknowledgements may have waiting here before pictures stop, at least. */
const MIN_QUEUE = 64 * 1024;
/** … and as much as this many milliseconds of its bitrate. */
const QUEUE_TIME = 100;
/**
 * After so many pictures one goes while another is under way, whatever is known of the path: alone a picture shows how long
 * the path is, not how wide. It may have to wait for that other one.
 */
const PROBE_EVERY = 4;
/** Share of the newest picture in what the next one is thought to take. */
const NEWEST = 0.3;

/**
 * May the next picture be made? Keeps few pictures on their way to one viewer, so that what is shown is
 * recent; a slow viewer gets fewer pictures and slows nobody else.
 * Source: docs/protocol/media.md, section 7; ADR 0014.
 */
export class Pacing {
  readonly #acknowledged: boolean;
  readonly #carried = new Carried();
  /** Shortest round trip lately, ms: the path itself, without the queues we fill. */
  #roundTrip: Millis = 0;
  /** Pictures that have arrived. */
  #taken = 0;
  /** What a picture takes lately, bytes. */
  #size = 0;

  /** `acknowledged`: the viewer sends video_received for each picture (LoginRequest.video_ack_required). */
  constructor(acknowledged: boolean) {
    this.#acknowledged = acknowledged;
  }

  sent(bytes: number, now: Millis): void {
    this.#size = this.#size === 0 ? bytes : this.#size * (1 - NEWEST) + bytes * NEWEST;
    if (this.#acknowledged) this.#carried.sent(bytes, now);
  }

  /** A picture was taken by the viewer. Surplus acknowledgements of a lying viewer count for nothing. */
  received(now: Millis): void {
    this.#taken += 1;
    this.#carried.received(now, this.#roundTrip);
  }

  /** `roundTrip`: ms, the smallest of the latest samples. */
  measured(roundTrip: Millis): void {
    this.#roundTrip = roundTrip;
  }

  /**
   * How many pictures may be under way or in the making right now.
   * `queuedBytes`: waiting in front of the link. `kbps`, `framesPerSecond`: present targets.
   */
  room(
    state: { readonly queuedBytes: number; readonly kbps: number; readonly framesPerSecond: number },
    now: Millis,
  ): number {
    if (!this.#acknowledged) {
      const limit = Math.max(MIN_QUEUE, (state.kbps * QUEUE_TIME) / 8);
      return state.queuedBytes >= limit ? 0 : MIN_IN_FLIGHT;
    }
    const { pictures, bytes } = this.#carried;
    const wanted = Math.ceil((this.#roundTrip * state.framesPerSecond) / 1000) + 1;
    const room = Math.min(MAX_IN_FLIGHT, Math.max(MIN_IN_FLIGHT, wanted)) - pictures;
    const rate = this.#carried.rate(now);
    if (rate === undefined || room <= 0) return Math.max(0, room);
    const fits = Math.floor((rate * (this.#roundTrip + MOST_WAITING) - bytes) / Math.max(1, this.#size));
    // A single picture that is too large goes all the same: without it nothing would ever be seen.
    const least = pictures === 0 || (pictures === 1 && this.#taken % PROBE_EVERY === 0) ? 1 : 0;
    return Math.max(least, Math.min(room, fits));
  }
}
