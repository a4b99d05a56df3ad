import { LINE_FIELD } from "../line.ts";

/** Frames in one lane at the most: 200 ms at 1 Gbit/s. */
const CAPACITY = 16_384;

/** One direction of a line: what waits in it, in order, and when each arrives at its other end. No clock of its own. */
export class Lane {
  readonly #line: Float64Array;
  readonly #chance: () => number;
  readonly #frames = new Int32Array(CAPACITY);
  readonly #arrivals = new Float64Array(CAPACITY);
  #first = 0;
  #count = 0;
  /** When the last bit of what was taken so far has been sent. */
  #freeAt = 0;
  #lastArrival = 0;

  /** `line` is read again for every frame: it may change at any time. `chance` is 0 to 1. */
  constructor(line: Float64Array, chance: () => number) {
    this.#line = line;
    this.#chance = chance;
  }

  /** Takes a frame of `length` bytes at `now`, ms, or says what became of it instead. */
  offer(frame: number, length: number, now: number): "taken" | "lost" | "full" {
    if (this.#setting("loss") > 0 && this.#chance() * 100 < this.#setting("loss")) return "lost";
    if (this.#count === CAPACITY) return "full";
    const sent = this.#sentAt(length, now);
    if (sent === undefined) return "full";
    const arrival = sent + this.#setting("delay") + this.#setting("jitter") * this.#chance();
    this.put(frame, arrival);
    return "taken";
  }

  /** Takes a frame whatever the line is like; it still does not overtake. */
  put(frame: number, arrival: number): void {
    const at = (this.#first + this.#count) % CAPACITY;
    this.#lastArrival = Math.max(arrival, this.#lastArrival);
    this.#frames[at] = frame;
    this.#arrivals[at] = this.#lastArrival;
    this.#count += 1;
  }

  /** When the next one arrives; never, when there is none. */
  nextArrival(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : (this.#arrivals[this.#first] as number);
  }

  /** The next one that has arrived, or -1. */
  take(now: number): number {
    if (this.nextArrival() > now) return -1;
    const frame = this.#frames[this.#first] as number;
    this.#first = (this.#first + 1) % CAPACITY;
    this.#count -= 1;
    return frame;
  }

  #sentAt(length: number, now: number): number | undefined {
    const bytesPerMilli = (this.#setting("rate") * 1e6) / 8 / 1000;
    if (bytesPerMilli === 0) return now;
    const start = Math.max(this.#freeAt, now);
    if ((start - now) * bytesPerMilli + length > this.#setting("queue")) return undefined;
    this.#freeAt = start + length / bytesPerMilli;
    return this.#freeAt;
  }

  #setting(field: keyof typeof LINE_FIELD): number {
    return this.#line[LINE_FIELD[field]] as number;
  }
}
