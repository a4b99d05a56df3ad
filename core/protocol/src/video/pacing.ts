/** Pictures under way at the very least: one travels while the next is made. */
const MIN_IN_FLIGHT = 2;
/** … and at most: beyond a second of delay more pictures only add to it. */
const MAX_IN_FLIGHT = 30;
/** Bytes a viewer without acknowledgements may have waiting here before pictures stop, at least. */
const MIN_QUEUE = 64 * 1024;
/** … and as much as this many milliseconds of its bitrate. */
const QUEUE_TIME = 100;

/**
 * May the next picture be made? Keeps few pictures on their way to one viewer, so that what is shown is
 * recent; a slow viewer gets fewer pictures and slows nobody else.
 * Source: docs/protocol/media.md, section 7; ADR 0014.
 */
export class Pacing {
  readonly #acknowledged: boolean;
  #inFlight = 0;
  /** Shortest round trip lately, ms: the path itself, without the queues we fill. */
  #roundTrip = 0;

  /** `acknowledged`: the viewer sends video_received for each picture (LoginRequest.video_ack_required). */
  constructor(acknowledged: boolean) {
    this.#acknowledged = acknowledged;
  }

  sent(): void {
    this.#inFlight += 1;
  }

  /** A picture was taken by the viewer. Surplus acknowledgements of a lying viewer count for nothing. */
  received(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
  }

  /** `roundTrip`: ms, the smallest of the latest samples. */
  measured(roundTrip: number): void {
    this.#roundTrip = roundTrip;
  }

  /**
   * How many pictures may be under way or in the making right now.
   * `queuedBytes`: waiting in front of the link. `kbps`, `framesPerSecond`: present targets.
   */
  room(state: { readonly queuedBytes: number; readonly kbps: number; readonly framesPerSecond: number }): number {
    if (this.#acknowledged) {
      const limit = Math.ceil((this.#roundTrip * state.framesPerSecond) / 1000) + 1;
      return Math.max(0, Math.min(MAX_IN_FLIGHT, Math.max(MIN_IN_FLIGHT, limit)) - this.#inFlight);
    }
    const limit = Math.max(MIN_QUEUE, (state.kbps * QUEUE_TIME) / 8);
    return state.queuedBytes >= limit ? 0 : MIN_IN_FLIGHT;
  }
}
