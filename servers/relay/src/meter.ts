import type { Allowances, Slot } from "@pulpit/protocol";

/** Counts what a pair moves and holds it back when it has moved enough for now. */
export class Meter {
  readonly slots: readonly Slot[];
  readonly #allowances: Allowances;
  readonly #progress: Float64Array;
  readonly #pair: number;
  #waiting: Set<() => void> | undefined;
  #released = false;

  /** `progress`: bytes moved so far, by pair. */
  constructor(allowances: Allowances, progress: Float64Array, pair: number, slots: readonly Slot[]) {
    this.slots = slots;
    this.#allowances = allowances;
    this.#progress = progress;
    this.#pair = pair;
  }

  /** Payload bytes are on their way. */
  moved(bytes: number): void {
    this.#progress[this.#pair] = (this.#progress[this.#pair] as number) + bytes;
    this.#allowances.take(this.slots, bytes);
  }

  get mayMove(): boolean {
    return this.#released || this.#allowances.allow(this.slots);
  }

  /** Calls back when more may move. */
  whenAllowed(goOn: () => void): void {
    this.#waiting ??= new Set();
    this.#waiting.add(goOn);
  }

  /** The pair ends: what it holds back need not wait any more. */
  release(): void {
    this.#released = true;
    this.wake();
  }

  /** Allowances were refilled, or the pair is over. */
  wake(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    for (const goOn of waiting) goOn();
  }
}
