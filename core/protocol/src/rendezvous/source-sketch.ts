import type { Millis } from "../machine.ts";
import { type HashKey, keyedHash } from "./keyed-hash.ts";
import { isMappedIpv4 } from "./packed-address.ts";

/** Counters of which every source has two; a power of two. */
const COUNTERS = 1 << 16;

/**
 * Counts what each source sends in the present second, in memory that no number of sources makes larger: the smaller
 * of a source's two counters is at least what it sent. Which ones they are changes every second, so that nobody
 * shares them with a flood for long. Whoever has an IPv6 address has at least a /64 of them: that is one source.
 */
export class SourceSketch {
  readonly #perSecond: number;
  readonly #key: HashKey;
  readonly #counters = new Uint16Array(2 * COUNTERS);
  #second = -1;
  #keyNow: HashKey = [0, 0];

  constructor(perSecond: number, key: HashKey) {
    this.#perSecond = Math.min(perSecond, 0xffff);
    this.#key = key;
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
    const one = hash % COUNTERS;
    const other = COUNTERS + Math.floor(hash / COUNTERS);
    const count = Math.min(this.#counters[one] as number, this.#counters[other] as number);
    if (count >= this.#perSecond) return false;
    // Only what is behind is moved: neighbours of a busy source stay where they are.
    if (this.#counters[one] === count) this.#counters[one] = count + 1;
    if (this.#counters[other] === count) this.#counters[other] = count + 1;
    return true;
  }
}
