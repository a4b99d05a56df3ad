/** Pictures that may follow each other at once after a pause: what answers a click is shown without waiting. */
const BURST = 3;

/** When the next picture may be made: so many per second in the long run, a few at once after a pause. */
export class Tempo {
  #perMillisecond: number;
  /** Pictures that may be made now; a part of one is on its way to be allowed. */
  #allowed = BURST;
  #at = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perMillisecond = perSecond / 1000;
  }

  /** What was saved or overdrawn so far is counted in pictures, and so stays the same. */
  setRate(perSecond: number, now: number): void {
    this.#refill(now);
    this.#perMillisecond = perSecond / 1000;
  }

  /** Milliseconds to wait; 0 for none. */
  wait(now: number): number {
    this.#refill(now);
    return Math.max(0, (1 - this.#allowed) / this.#perMillisecond);
  }

  /** One was made, be it in time or in a hurry; what was made in a hurry is not waited for afterwards. */
  made(now: number): void {
    this.#refill(now);
    this.#allowed = Math.max(0, this.#allowed - 1);
  }

  #refill(now: number): void {
    const passed = Math.max(0, now - this.#at);
    this.#allowed = Math.min(BURST, this.#allowed + passed * this.#perMillisecond);
    this.#at = now;
  }
}
