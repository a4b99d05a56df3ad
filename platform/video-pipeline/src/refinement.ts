/** The screen counts as quiet after this long without a change, ms. */
const QUIET_AFTER = 180;
/** Time between two refinements, ms. */
const BETWEEN = 120;
/** Refinements after one burst of changes at most. */
const MAX_ROUNDS = 6;
/** A refinement smaller than this, bytes per megapixel, has found nothing left to improve. */
const NOTHING_LEFT = 1200;

/**
 * Decides when a quiet screen is sent again, whole, so that what was hurried in motion becomes sharp; and
 * when that is done, so that an idle screen costs nothing at all.
 */
export class Refinement {
  readonly #megapixels: number;
  #rounds = MAX_ROUNDS;
  #due = Number.POSITIVE_INFINITY;

  constructor(width: number, height: number) {
    this.#megapixels = (width * height) / 1e6;
  }

  /** When the next one is due, ms; infinity for none. */
  get due(): number {
    return this.#due;
  }

  changed(now: number): void {
    this.#rounds = 0;
    this.#due = now + QUIET_AFTER;
  }

  /** One was sent, of this many bytes. */
  refined(bytes: number, now: number): void {
    this.#rounds += 1;
    const done = this.#rounds >= MAX_ROUNDS || bytes < NOTHING_LEFT * this.#megapixels;
    this.#due = done ? Number.POSITIVE_INFINITY : now + BETWEEN;
  }
}
