/** Sources counted; beyond it the table starts anew, which costs a flood of spoofed addresses nothing but itself. */
const MAX_SOURCES = 100_000;

/** Counts events of each source in the present second. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #counts = new Map<string, number>();
  #second = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Whether one more event of this source is within its budget. `now`: ms. */
  allows(source: string, now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second || this.#counts.size >= MAX_SOURCES) {
      this.#second = second;
      this.#counts.clear();
    }
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    return count <= this.#perSecond;
  }
}
