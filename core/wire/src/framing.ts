import { WireError } from "./errors.ts";

/** Largest payload that a frame header can announce, bytes (docs/protocol/wire.md, section 2.1). */
export const MAX_FRAME_PAYLOAD = 0x3fffffff;

/** Bytes the header of a frame takes for a payload of `length` bytes: 1 to 4. */
function headerSize(length: number): 1 | 2 | 3 | 4 {
  if (length <= 0x3f) return 1;
  if (length <= 0x3fff) return 2;
  if (length <= 0x3fffff) return 3;
  return 4;
}

/**
 * The header that goes before a payload of `length` bytes on a byte stream.
 * Shape: 1–4 bytes, little-endian `length << 2 | (header bytes - 1)`; always the shortest form.
 * @throws WireError too-large above 2^30 - 1. Source: docs/protocol/wire.md, section 2.1.
 */
export function frameHeader(length: number): Uint8Array<ArrayBuffer> {
  if (length > MAX_FRAME_PAYLOAD) throw new WireError("too-large", "payload exceeds 2^30 - 1 bytes");
  const size = headerSize(length);
  const header = new Uint8Array(size);
  // Multiplied, not shifted: a length of 2^30 - 1 would run into the sign bit.
  let value = length * 4 + (size - 1);
  for (let i = 0; i < size; i++) {
    header[i] = value & 0xff;
    value = Math.floor(value / 256);
  }
  return header;
}

/** Header and payload in one array, for transports that write one buffer. */
export function encodeFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = frameHeader(payload.length);
  const frame = new Uint8Array(header.length + payload.length);
  frame.set(header);
  frame.set(payload, header.length);
  return frame;
}

/**
 * Takes frames out of a byte stream, on demand and never ahead: `rest()` is exactly what follows the
 * last frame taken, so that a stream can leave framing behind (docs/protocol/wire.md, section 2.3).
 */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #limit: number;

  /** `limit`: largest payload accepted, bytes; it is checked on the header, before anything is gathered. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Largest payload accepted from now on, bytes. */
  set limit(bytes: number) {
    this.#limit = bytes;
  }

  /** Bytes received and not yet taken. */
  get buffered(): number {
    return this.#buffered;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /**
   * The next whole payload, or undefined until more bytes arrive.
   * @throws WireError too-large when the header announces more than the limit.
   */
  next(): Uint8Array | undefined {
    const header = this.#header();
    if (header === undefined) return undefined;
    if (header.length > this.#limit) {
      throw new WireError("too-large", `frame of ${header.length} bytes, limit ${this.#limit}`);
    }
    if (this.#buffered < header.size + header.length) return undefined;
    this.#take(header.size);
    return this.#take(header.length);
  }

  /** Everything not taken yet; the reader is empty afterwards. */
  rest(): Uint8Array {
    return this.#take(this.#buffered);
  }

  #header(): { size: number; length: number } | undefined {
    const first = this.#chunks[0]?.[0];
    if (first === undefined) return undefined;
    const size = (first & 3) + 1;
    if (this.#buffered < size) return undefined;
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.#at(i);
    return { size, length: Math.floor(value / 4) };
  }

  #at(index: number): number {
    let offset = index;
    for (const chunk of this.#chunks) {
      if (offset < chunk.length) return chunk[offset] as number;
      offset -= chunk.length;
    }
    throw new WireError("truncated", "read past the buffered bytes");
  }

  #take(length: number): Uint8Array {
    this.#buffered -= length;
    const first = this.#chunks[0];
    if (first !== undefined && first.length > length) {
      this.#chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    if (first !== undefined && first.length === length) {
      this.#chunks.shift();
      return first;
    }
    const out = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = chunk.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    return out;
  }
}
