import { WINDOW } from "./parameters.ts";
import type { Segment } from "./segment.ts";
import { advanced, ahead } from "./sequence.ts";

/** Most that is handed over at a time, bytes. */
const MAX_READ = 64 * 1024;
/** Acknowledgements owed at a time; a peer that is owed more has to send again. */
const MAX_OWED: number = 2 * WINDOW;
/** Acknowledgements that are repeated at a time: with as many new ones they fit in one datagram. */
const MOST_REPEATED = 16;

/** Which segment has arrived, and what its sender's clock said. */
export interface Acknowledgement {
  readonly number: number;
  readonly timestamp: number;
}

/**
 * The receiving half of a conversation: puts segments in order and keeps what nobody has read yet. Holds at most two
 * windows of segments, whatever arrives. Behaves as stock's does (docs/protocol/wire.md, section 5.4).
 */
export class ReceiveWindow {
  readonly #outOfOrder: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(WINDOW).fill(undefined);
  #held = 0;
  #inOrder: Uint8Array[] = [];
  #next = 0;
  #owed: Acknowledgement[] = [];
  #acknowledged: Acknowledgement[] = [];
  #wasFull = false;

  /** All segments before this one have arrived. */
  get next(): number {
    return this.#next;
  }

  /** Segments there is room for. */
  get room(): number {
    return WINDOW - this.#inOrder.length;
  }

  get owed(): number {
    return this.#owed.length;
  }

  get readable(): boolean {
    return this.#inOrder.length > 0;
  }

  /** Takes a pushed segment. What lies outside the window is not acknowledged, what is here already is, again. */
  accept(segment: Segment): void {
    const position = ahead(this.#next, segment.number);
    if (position >= WINDOW) return;
    if (this.#owed.length < MAX_OWED) this.#owed.push({ number: segment.number, timestamp: segment.timestamp });
    if (position < 0) return;
    const slot = segment.number % WINDOW;
    if (this.#outOfOrder[slot] !== undefined) return;
    this.#outOfOrder[slot] = segment.data;
    this.#held += 1;
    this.#settle();
  }

  /**
   * Everything owed. While a segment is missing, what was acknowledged last time comes once more: nothing else would
   * tell the peer of it if that got lost, and it would send all of it again.
   */
  takeOwed(): readonly Acknowledgement[] {
    const owed = this.#owed;
    const again = this.#held > 0 ? this.#acknowledged : [];
    this.#acknowledged = owed.slice(-MOST_REPEATED);
    this.#owed = [];
    return [...again, ...owed];
  }

  /**
   * What has arrived behind the first segment that is missing: bit i, the lowest of a byte first, for segment
   * `next` + 1 + i. Empty when none has.
   */
  beyond(): Uint8Array {
    const vector: number[] = [];
    for (let found = 0, i = 0; found < this.#held; i++) {
      if (this.#outOfOrder[(this.#next + 1 + i) % WINDOW] === undefined) continue;
      found += 1;
      while (vector.length <= i >> 3) vector.push(0);
      vector[i >> 3] = (vector[i >> 3] as number) | (1 << (i & 7));
    }
    return Uint8Array.from(vector);
  }

  /** The next bytes in order, at least one; undefined when there are none yet. */
  read(): Uint8Array | undefined {
    if (this.#inOrder.length === 0) return undefined;
    const bytes = this.#takeJoined();
    this.#settle();
    return bytes;
  }

  /** Once after room has come back where there was none: the peer waits for nothing else. */
  takeRoomAgain(): boolean {
    if (!this.#wasFull || this.room === 0) return false;
    this.#wasFull = false;
    return true;
  }

  #takeJoined(): Uint8Array {
    let length = 0;
    let count = 0;
    for (const piece of this.#inOrder) {
      if (count > 0 && length + piece.length > MAX_READ) break;
      length += piece.length;
      count += 1;
    }
    const pieces = this.#inOrder.splice(0, count);
    const [first] = pieces;
    if (first !== undefined && pieces.length === 1) return first;
    const joined = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  #settle(): void {
    while (this.room > 0) {
      const slot = this.#next % WINDOW;
      const data = this.#outOfOrder[slot];
      if (data === undefined) break;
      this.#outOfOrder[slot] = undefined;
      this.#held -= 1;
      this.#next = advanced(this.#next, 1);
      // An empty segment is nothing to read; an empty read would be taken for the end.
      if (data.length > 0) this.#inOrder.push(data);
    }
    if (this.room === 0) this.#wasFull = true;
  }
}
