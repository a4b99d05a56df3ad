import { type HashKey, keyedHash } from "./keyed-hash.ts";
import { ADDRESS_BYTES } from "./packed-address.ts";

/** What another thread needs to look at the same table. */
export interface SharedPresence {
  readonly buffer: SharedArrayBuffer;
  /** Rows at most. */
  readonly limit: number;
  readonly key: HashKey;
}

/** Longest ID that has its place in a row, bytes: those that servers give have nine or ten, chosen ones up to 16. */
export const MAX_ROW_ID = 24;

// A row is a cache line: seen, version, hash, connection, port, length of the ID, told, address, ID.
const ROW = 64;
const AT = { port: 20, idLength: 22, told: 23, address: 24, id: 24 + ADDRESS_BYTES };
const WORD = { version: 2, hash: 3, connection: 4 };

/** The rows of the table and where they are, as views of one piece of shared memory. */
export class PresenceRows {
  readonly key: HashKey;
  readonly #bytes: Uint8Array;
  readonly #shorts: Uint16Array;
  readonly #words: Uint32Array;
  readonly #seen: Float64Array;
  /** Row number + 1 where the hash points to, or in the next free place after it; 0 where there is none. */
  readonly #slots: Uint32Array;
  readonly #mask: number;

  constructor({ buffer, limit, key }: SharedPresence) {
    const slots = slotsFor(limit);
    this.key = key;
    this.#bytes = new Uint8Array(buffer, 0, limit * ROW);
    this.#shorts = new Uint16Array(buffer, 0, (limit * ROW) / 2);
    this.#words = new Uint32Array(buffer, 0, (limit * ROW) / 4);
    this.#seen = new Float64Array(buffer, 0, (limit * ROW) / 8);
    this.#slots = new Uint32Array(buffer, limit * ROW, slots);
    this.#mask = slots - 1;
  }

  /** The row of an ID, or -1. */
  find(id: Uint8Array, at: number, length: number): number {
    const hash = keyedHash(this.key, id, at, length);
    // Counted, because another thread may be moving what is looked at.
    for (let i = 0, slot = hash & this.#mask; i <= this.#mask; i++, slot = (slot + 1) & this.#mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0) return -1;
      if (this.#words[row * 16 + WORD.hash] === hash && this.holds(row, id, at, length)) return row;
    }
    return -1;
  }

  holds(row: number, id: Uint8Array, at: number, length: number): boolean {
    const base = row * ROW;
    if (this.#bytes[base + AT.idLength] !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[base + AT.id + i] !== id[at + i]) return false;
    return true;
  }

  /** Whether the device registers by datagrams, from there. */
  isFrom(row: number, address: Uint8Array, at: number, port: number): boolean {
    const base = row * ROW;
    if (this.#shorts[(base + AT.port) >> 1] !== port || this.connection(row) !== 0) return false;
    for (let i = 0; i < ADDRESS_BYTES; i++) if (this.#bytes[base + AT.address + i] !== address[at + i]) return false;
    return true;
  }

  /** Odd while the row is being written. */
  version(row: number): number {
    return Atomics.load(this.#words, row * 16 + WORD.version);
  }

  /** Whether what was read since `version` belongs together; reads before it stay before it. */
  isStill(row: number, version: number): boolean {
    return Atomics.compareExchange(this.#words, row * 16 + WORD.version, version, version) === version;
  }

  isTaken(row: number): boolean {
    return this.#bytes[row * ROW + AT.idLength] !== 0;
  }

  seen(row: number): number {
    return this.#seen[row * 8] as number;
  }

  /** The one thing that other threads write too. What it is too late for gets a moment longer, no more. */
  setSeen(row: number, now: number): void {
    this.#seen[row * 8] = now;
  }

  connection(row: number): number {
    return this.#words[row * 16 + WORD.connection] as number;
  }

  port(row: number): number {
    return this.#shorts[(row * ROW + AT.port) >> 1] as number;
  }

  isTold(row: number): boolean {
    return this.#bytes[row * ROW + AT.told] === 1;
  }

  setTold(row: number): void {
    this.#bytes[row * ROW + AT.told] = 1;
  }

  /** The address, packed, as it stands in the table. */
  address(row: number): Uint8Array {
    return this.#bytes.subarray(row * ROW + AT.address, row * ROW + AT.id);
  }

  /** Where the device is now. The row is free, or that of this ID. */
  write(row: number, id: Uint8Array, place: { address: Uint8Array; port: number; connection: number }): void {
    const base = row * ROW;
    Atomics.add(this.#words, row * 16 + WORD.version, 1);
    this.#words[row * 16 + WORD.hash] = keyedHash(this.key, id, 0, id.length);
    this.#words[row * 16 + WORD.connection] = place.connection;
    this.#shorts[(base + AT.port) >> 1] = place.port;
    this.#bytes[base + AT.idLength] = id.length;
    this.#bytes[base + AT.told] = 0;
    this.#bytes.set(place.address, base + AT.address);
    this.#bytes.set(id, base + AT.id);
    Atomics.add(this.#words, row * 16 + WORD.version, 1);
  }

  /** Empties a row. `next`: kept in it for whoever chains the free ones. */
  clear(row: number, next: number): void {
    Atomics.add(this.#words, row * 16 + WORD.version, 1);
    this.#bytes[row * ROW + AT.idLength] = 0;
    this.#words[row * 16 + WORD.connection] = next;
    Atomics.add(this.#words, row * 16 + WORD.version, 1);
  }

  /** Makes a written row one that is found. */
  link(row: number): void {
    let slot = this.#home(row);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    Atomics.store(this.#slots, slot, row + 1);
  }

  /** The reverse. What stands behind it moves up, so that no gap ends a search too early. */
  unlink(row: number): void {
    let gap = this.#home(row);
    while (this.#slots[gap] !== row + 1) gap = (gap + 1) & this.#mask;
    for (let slot = (gap + 1) & this.#mask; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const home = this.#home((this.#slots[slot] as number) - 1);
      if (((slot - home) & this.#mask) < ((slot - gap) & this.#mask)) continue;
      Atomics.store(this.#slots, gap, this.#slots[slot] as number);
      gap = slot;
    }
    Atomics.store(this.#slots, gap, 0);
  }

  #home(row: number): number {
    return (this.#words[row * 16 + WORD.hash] as number) & this.#mask;
  }
}

/** Memory for `limit` rows; what is not used is not taken. */
export function newSharedPresence(limit: number, key: HashKey): SharedPresence {
  return { buffer: new SharedArrayBuffer(limit * ROW + slotsFor(limit) * 4), limit, key };
}

/** A power of two, so that never more than half of them are in use: searches stay short. */
function slotsFor(limit: number): number {
  return 2 ** Math.ceil(Math.log2(limit * 2));
}
