import type { Millis } from "../machine.ts";

/** A picture that takes so much longer than the path alone has waited, and shows what the path carries, ms. */
const WAITED = 80;
/** What was seen holds so long; then the path may have become better, ms. */
const HOLDS = 3_000;
/** Samples that count. */
const SAMPLES = 8;

interface Underway {
  readonly bytes: number;
  readonly at: Millis;
}

/**
 * What a path carries, by the acknowledgements of pictures: nothing is known while they come as soon as the path is
 * long; where pictures wait, the pace at which they come out is the path's.
 */
export class Carried {
  readonly #underway: Underway[] = [];
  readonly #samples: number[] = [];
  #bytes = 0;
  #lastAt: Millis = Number.NEGATIVE_INFINITY;
  #seenAt: Millis = Number.NEGATIVE_INFINITY;

  /** On their way. */
  get bytes(): number {
    return this.#bytes;
  }

  get pictures(): number {
    return this.#underway.length;
  }

  /** Bytes per ms; undefined while the path has shown no limit lately. */
  rate(now: Millis): number | undefined {
    if (now - this.#seenAt > HOLDS) return undefined;
    // The middle one: acknowledgements come late together, and then at once.
    return this.#samples.toSorted((a, b) => a - b)[Math.floor(this.#samples.length / 2)];
  }

  sent(bytes: number, now: Millis): void {
    this.#underway.push({ bytes, at: now });
    this.#bytes += bytes;
  }

  /** The oldest picture has arrived, if one is owed. `roundTrip`: of the path alone, ms. */
  received(now: Millis, roundTrip: Millis): void {
    const picture = this.#underway.shift();
    if (picture === undefined) return;
    this.#bytes -= picture.bytes;
    const last = this.#lastAt;
    this.#lastAt = now;
    if (now - picture.at <= roundTrip + WAITED) return;
    // Behind another one it came out right after that; alone it took its own time, and the path's.
    const took = picture.at <= last ? now - last : now - picture.at - roundTrip;
    if (took < 1) return;
    // What was known before may be of another path by now.
    if (now - this.#seenAt > HOLDS) this.#samples.length = 0;
    this.#samples.push(picture.bytes / took);
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#seenAt = now;
  }
}
