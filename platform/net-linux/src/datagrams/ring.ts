import { ADDRESS_BYTES } from "@pulpit/protocol";

/** Bytes that may wait for the server; a thousand to ten thousand datagrams. A power of two. */
const MAX_WAITING_BYTES = 1 << 20;

// Before the bytes of each datagram: length, zone, port, packed address.
const AT = { length: 0, zone: 4, port: 8, address: 12 };
const HEADER = AT.address + ADDRESS_BYTES;
/** In place of a length: the next one is at the beginning of the ring. */
const WRAP = 0xffff_ffff;
const WORD = { head: 0, tail: 1 };
const CONTROL = 8;

/** Who sent a datagram, as a thread hands it over. */
export interface Sender {
  readonly address: Uint8Array;
  readonly port: number;
  readonly zone: number;
}

/** Datagrams on their way from one thread, which puts, to another, which takes. Neither ever waits for the other. */
export class DatagramRing {
  readonly buffer: SharedArrayBuffer;
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(CONTROL + MAX_WAITING_BYTES)) {
    this.buffer = buffer;
    this.#control = new Int32Array(buffer, 0, CONTROL / 4);
    this.#bytes = new Uint8Array(buffer, CONTROL);
    this.#view = new DataView(buffer, CONTROL);
  }

  /** False when there is no room. */
  put(data: Uint8Array, at: number, length: number, from: Sender): boolean {
    const tail = Atomics.load(this.#control, WORD.tail);
    const free = MAX_WAITING_BYTES - ((tail - Atomics.load(this.#control, WORD.head)) | 0);
    const size = sizeOf(length);
    let position = tail & (MAX_WAITING_BYTES - 1);
    const rest = MAX_WAITING_BYTES - position;
    const skipped = size > rest ? rest : 0;
    if (size + skipped > free) return false;
    if (skipped > 0) {
      this.#view.setUint32(position, WRAP);
      position = 0;
    }
    this.#view.setUint32(position + AT.length, length);
    this.#view.setUint32(position + AT.zone, from.zone);
    this.#view.setUint32(position + AT.port, from.port);
    this.#bytes.set(from.address, position + AT.address);
    this.#bytes.set(data.subarray(at, at + length), position + HEADER);
    Atomics.store(this.#control, WORD.tail, (tail + skipped + size) | 0);
    return true;
  }

  isEmpty(): boolean {
    return Atomics.load(this.#control, WORD.head) === Atomics.load(this.#control, WORD.tail);
  }

  /** The oldest datagram, as a copy; undefined when there is none. */
  take(): { readonly data: Uint8Array; readonly from: Sender } | undefined {
    if (this.isEmpty()) return undefined;
    const head = Atomics.load(this.#control, WORD.head);
    let position = head & (MAX_WAITING_BYTES - 1);
    const skipped = this.#view.getUint32(position) === WRAP ? MAX_WAITING_BYTES - position : 0;
    if (skipped > 0) position = 0;
    const length = this.#view.getUint32(position + AT.length);
    const from = {
      address: this.#bytes.slice(position + AT.address, position + HEADER),
      port: this.#view.getUint32(position + AT.port),
      zone: this.#view.getUint32(position + AT.zone),
    };
    const data = this.#bytes.slice(position + HEADER, position + HEADER + length);
    Atomics.store(this.#control, WORD.head, (head + skipped + sizeOf(length)) | 0);
    return { data, from };
  }
}

/** Whole words, so that a WRAP fits in wherever something ends. */
function sizeOf(length: number): number {
  return (HEADER + length + 3) & ~3;
}
