import type { Millis } from "../machine.ts";

/** What may be saved up: the bytes of this much time, ms. More would be a burst, less would starve between two refills. */
const SAVED = 100;
/** Most that one slot holds, bytes: the numbers are 32 bits, and what is subtracted has to fit below as well. */
const MAX_HELD: number = 2 ** 29;

/** Number of one allowance. */
export type Slot = number;

/**
 * Bytes that may still move: one slot for each thing that is limited, a pair, an address, all together. Whoever moves
 * bytes takes them from each of its slots and goes on while all of them hold something; what was taken too much is paid
 * back by waiting, so that a rate holds however large the pieces are. In shared memory: a thread takes as well.
 */
export class Allowances {
  readonly shared: SharedArrayBuffer;
  readonly #held: Int32Array;
  /** Bytes in a second; infinite for no limit. */
  readonly #rates: Float64Array;
  readonly #free: Slot[] = [];
  #used = 0;
  #refilledAt: Millis;

  constructor(slots: number, now: Millis) {
    this.shared = new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT);
    this.#held = new Int32Array(this.shared);
    this.#rates = new Float64Array(slots);
    this.#refilledAt = now;
  }

  /** A slot of its own; undefined when there is none left. `rate`: bytes in a second. */
  open(rate: number): Slot | undefined {
    const slot = this.#free.pop() ?? (this.#used < this.#held.length ? this.#used++ : undefined);
    if (slot === undefined) return undefined;
    this.#rates[slot] = rate;
    Atomics.store(this.#held, slot, most(rate));
    return slot;
  }

  close(slot: Slot): void {
    this.#rates[slot] = 0;
    this.#free.push(slot);
  }

  setRate(slot: Slot, rate: number): void {
    if (this.#rates[slot] === rate) return;
    this.#rates[slot] = rate;
    // What was saved up at another rate is not owed.
    const over = Atomics.load(this.#held, slot) - most(rate);
    if (over > 0) Atomics.sub(this.#held, slot, over);
  }

  /** Time has passed. To be called every few hundredths of a second. */
  refill(now: Millis): void {
    const seconds = (now - this.#refilledAt) / 1000;
    this.#refilledAt = now;
    for (let slot = 0; slot < this.#used; slot++) {
      const rate = this.#rates[slot] as number;
      if (rate === 0) continue;
      const room = most(rate) - Atomics.load(this.#held, slot);
      if (room > 0) Atomics.add(this.#held, slot, Math.min(room, Math.round(Math.min(rate * seconds, MAX_HELD))));
    }
  }

  /** Whether all of them hold something. */
  allow(slots: readonly Slot[]): boolean {
    return slots.every((slot) => Atomics.load(this.#held, slot) > 0);
  }

  take(slots: readonly Slot[], bytes: number): void {
    for (const slot of slots) Atomics.sub(this.#held, slot, bytes);
  }
}

function most(rate: number): number {
  return Math.min(MAX_HELD, Math.max(1, Math.ceil((rate * SAVED) / 1000)));
}
