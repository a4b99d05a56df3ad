import { MTU, SEGMENT_HEADER } from "./parameters.ts";
import { type Segment, writeSegment } from "./segment.ts";
import { SESSION_HEADER, SessionFlag, type SessionName, sessionHeader } from "./session-header.ts";

/** Datagrams are cut from blocks of this size, bytes: allocating each of them would cost more than filling it. */
const BLOCK = 64 * 1024;

/** Puts segments into as few datagrams as they fit in, each behind a session header. */
export class DatagramPacker {
  readonly #name: SessionName;
  readonly #header: Uint8Array;
  #block: Uint8Array = new Uint8Array(BLOCK);
  /** Where the datagram being filled begins and ends in the block; the same when there is none. */
  #start = 0;
  #end = 0;
  #full: Uint8Array[] = [];

  constructor(name: SessionName) {
    this.#name = name;
    this.#header = sessionHeader(name, SessionFlag.ack | SessionFlag.data);
  }

  add(segment: Segment): void {
    const size = SEGMENT_HEADER + segment.data.length;
    if (this.#end + size > this.#start + SESSION_HEADER + MTU) this.#finish();
    if (this.#end === this.#start) this.#begin();
    this.#end = writeSegment(this.#block, this.#end, this.#name.conversation, segment);
  }

  /** All datagrams since the last call, in order. */
  take(): readonly Uint8Array[] {
    this.#finish();
    const datagrams = this.#full;
    this.#full = [];
    return datagrams;
  }

  #begin(): void {
    if (this.#start + SESSION_HEADER + MTU > BLOCK) {
      this.#block = new Uint8Array(BLOCK);
      this.#start = 0;
    }
    this.#block.set(this.#header, this.#start);
    this.#end = this.#start + SESSION_HEADER;
  }

  #finish(): void {
    if (this.#end === this.#start) return;
    this.#full.push(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
