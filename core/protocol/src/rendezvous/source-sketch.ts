import type { Millis } from "../machine.ts";
import { type HashKey, keyedHash } from "./keyed-hash.ts";
import { isMappedIpv4 } from "./packed-address.ts";

/** Two rows of counters; every source has one in each, by one half of its hash. */
const ROW_BITS = 16;
const ROW = 1 << ROW_BITS;

/**
 * Counts what each source sends in the present second, in memory that no number of sources makes larger: the smaller
 * of a source's two counters is at least what it sent. Which ones they are changes every second, so that nobody
 * shares them with a flood for long. Whoever has an IPv6 address has at least a /64 of them: that is one source.
 */
export class SourceSketch {
  readonly #perSecond: number;
  readonly #key: HashKey;
  readonly #counters: Uint8Array | Uint16Array;
  #second = -1;
  #keyNow: HashKey = [0, 0];

  constructor(perSecond: number, key: HashKey) {
    this.#perSecond = Math.min(perSecond, 0xffff);
    this.#key = key;
    // The smaller they are, the more of them are where the processor has them at hand.
    this.#counters = perSecond <= 0xff ? new Uint8Array(2 * ROW) : new Uint16Array(2 * ROW);
  }

  /** Whether one more of this packed address is within its budget. */
  allows(address: Uint8Array, at: number, now: Millis): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#keyNow = [this.#key[0], this.#key[1] ^ second];
      this.#counters.fill(0);
    }
    const hash = keyedHash(this.#keyNow, address, isMappedIpv4(address, at) ? at + 8 : at, 8);
    const one = hash & (ROW - 1);
    const other = ROW + (hash >>> ROW_BITS);
    const count = Math.min(this.#counters[one] as number, this.#counters[other] as number);
    if (count >= this.#perSecond) return false;
    // Only what is behind is moved: neighbours of a busy source stay where they are.
    if (this.#counters[one] === count) this.#counters[one] = count + 1;
    if (this.#counters[other] === count) this.#counters[other] = count + 1;
    return true;
  }
}
