/** Slots a pair may have. */
export const MAX_SLOTS = 4;

/** How much each pair may still move: the least of what its slots have left. */
export class Allowances {
  readonly #left: Int32Array;
  /** MAX_SLOTS for each pair: the number of the slot + 1, or 0. */
  readonly #slots: Int32Array;

  constructor(left: SharedArrayBuffer, maxPairs: number) {
    this.#left = new Int32Array(left);
    this.#slots = new Int32Array(maxPairs * MAX_SLOTS);
  }

  assign(pair: number, slots: readonly number[]): void {
    for (let i = 0; i < MAX_SLOTS; i++) this.#slots[pair * MAX_SLOTS + i] = (slots[i] ?? -1) + 1;
  }

  /** Without slots as much as you like. */
  left(pair: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let i = pair * MAX_SLOTS; i < (pair + 1) * MAX_SLOTS; i++) {
      const slot = this.#slots[i] as number;
      if (slot === 0) break;
      least = Math.min(least, Atomics.load(this.#left, slot - 1));
    }
    return least;
  }

  take(pair: number, bytes: number): void {
    for (let i = pair * MAX_SLOTS; i < (pair + 1) * MAX_SLOTS; i++) {
      const slot = this.#slots[i] as number;
      if (slot === 0) break;
      Atomics.sub(this.#left, slot - 1, bytes);
    }
  }
}
