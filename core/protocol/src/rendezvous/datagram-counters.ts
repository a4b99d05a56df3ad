import type { DatagramVerdict } from "./datagram-triage.ts";

/** Datagrams of an ID server since its start. */
export interface DatagramStats {
  readonly received: number;
  /** From the table alone: devices that are still there, or have to show their key again. */
  readonly answered: number;
  readonly dropped: {
    /** Nothing an ID server takes by datagram. */
    readonly garbage: number;
    /** Above the budget of its source. */
    readonly source: number;
    /** Above what all sources together may ask of the server. */
    readonly crowd: number;
    /** The server was too busy to take it. */
    readonly queue: number;
    /** Answers that the system did not take. */
    readonly unsent: number;
  };
}

const NAMES = ["known", "stranger", "server", "garbage", "source", "crowd", "queue", "unsent", "serverUnsent"] as const;
type Counted = DatagramVerdict | (typeof NAMES)[number];
const INDEX = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Record<Counted, number>;

/** Counts, in memory that threads share; each name is counted by one thread only. */
export class DatagramCounters {
  readonly buffer: SharedArrayBuffer;
  readonly #counts: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(NAMES.length * 8)) {
    this.buffer = buffer;
    this.#counts = new Float64Array(buffer);
  }

  count(name: Counted, times = 1): void {
    this.#counts[INDEX[name]] = (this.#counts[INDEX[name]] as number) + times;
  }

  stats(): DatagramStats {
    const of = (name: Counted): number => this.#counts[INDEX[name]] as number;
    const answered = of("known") + of("stranger");
    const dropped = {
      garbage: of("garbage"),
      source: of("source"),
      crowd: of("crowd"),
      queue: of("queue"),
      unsent: of("unsent") + of("serverUnsent"),
    };
    const received = answered + of("server") + dropped.garbage + dropped.source + dropped.crowd + dropped.queue;
    return { received, answered, dropped };
  }
}
