/** The screen counts as quiet after this long without a change, ms. */
const QUIET_AFTER = 180;
/** Time between two refinements at least, ms. */
const BETWEEN = 100;
/** Refinements after one burst of changes at most. */
const MAX_ROUNDS = 10;
/** A refinement smaller than this, bytes per megapixel, has found next to nothing left to improve. */
const NOTHING_LEFT = 4000;
/**
 * … unless the burst before it was larger than this, bytes per megapixel: then a first refinement may be small only
 * because the encoder had to save.
 */
const LARGE_BURST = 20_000;

/**
 * Decides when a quiet screen is sent again, whole, so that what was hurried in motion becomes sharp; and
 * when that is done, so that an idle screen costs nothing at all.
 */
export class Refinement {
  readonly #megapixels: number;
  #rounds = MAX_ROUNDS;
  #burst = 0;
  #due = Number.POSITIVE_INFINITY;

  constructor(width: number, height: number) {
    this.#megapixels = (width * height) / 1e6;
  }

  /** When the next one is due, ms; infinity for none. */
  get due(): number {
    return this.#due;
  }

  get isDone(): boolean {
    return this.#due === Number.POSITIVE_INFINITY;
  }

  /** A picture of a change was sent, of this many bytes. */
  changed(bytes: number, now: number): void {
    this.#burst += bytes;
    this.#rounds = 0;
    this.#due = now + QUIET_AFTER;
  }

  /** One was sent, of this many bytes. `kbps`: what the way to the viewer carries; it is never filled with more. */
  refined(bytes: number, kbps: number, now: number): void {
    this.#rounds += 1;
    const proven = this.#rounds > 1 || this.#burst < LARGE_BURST * this.#megapixels;
    const done = this.#rounds >= MAX_ROUNDS || (proven && bytes < NOTHING_LEFT * this.#megapixels);
    if (done) this.#burst = 0;
    this.#due = done ? Number.POSITIVE_INFINITY : now + Math.max(BETWEEN, (bytes * 8) / kbps);
  }
}
