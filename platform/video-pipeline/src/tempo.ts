/** Pictures that may follow each other at once after a pause: what answers a click is shown without waiting. */
const BURST = 3;

/** When the next picture may be made: so many per second in the long run, a few at once after a pause. */
export class Tempo {
  #interval: number;
  /** When the next picture would be due if all came evenly, ms. */
  #even = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#interval = 1000 / perSecond;
  }

  set perSecond(value: number) {
    this.#interval = 1000 / value;
  }

  /** Milliseconds to wait; zero or less for none. */
  wait(now: number): number {
    return this.#even - (BURST - 1) * this.#interval - now;
  }

  made(now: number): void {
    this.#even = Math.max(now, this.#even) + this.#interval;
  }
}
