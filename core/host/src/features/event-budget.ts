/** Input events a viewer may send in a second; no hand is faster. */
const PER_SECOND = 1000;
/** Moves stop at this share, so that buttons and keys still get through. */
const MOVES_PER_SECOND = 500;

/** Keeps a flood of input events from reaching the machine; moves are dropped first (docs/protocol/input.md, section 9). */
export class EventBudget {
  #second = 0;
  #events = 0;

  /** `now`: ms. */
  allows(now: number, isMove: boolean): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#events = 0;
    }
    this.#events += 1;
    return this.#events <= (isMove ? MOVES_PER_SECOND : PER_SECOND);
  }
}
