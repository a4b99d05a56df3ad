import { FIRST_PAUSE, LONGEST_PAUSE, MAX_WRONG } from "./config.ts";

/** Counts wrong tokens and keys; too many of them, and nobody is let in for a pause that grows. */
export class WrongOpenings {
  #count = 0;
  /** By the clock of whoever asks, ms. */
  #pausedUntil = Number.NEGATIVE_INFINITY;

  pauses(now: number): boolean {
    return now < this.#pausedUntil;
  }

  /** Whether a pause began with this one. */
  count(now: number): boolean {
    this.#count += 1;
    const beyond = this.#count - MAX_WRONG;
    if (beyond < 0) return false;
    this.#pausedUntil = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** beyond);
    return true;
  }

  /** Somebody had a right one: whoever guesses never does. */
  forgive(): void {
    this.#count = 0;
  }
}
