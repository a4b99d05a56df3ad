import type { Compression } from "@pulpit/protocol";
import { Decompress } from "fzstd";

/** Largest raw block of a Zstandard frame, bytes (RFC 8878, section 3.1.1.2). */
const MAX_BLOCK = 128 * 1024;
/** Input is fed in pieces of this size, so that a bomb is noticed before it has grown. */
const PIECE = 16 * 1024;

class TooLarge extends Error {}

/** Zstandard in a page: real decompression, and frames of raw blocks the other way. */
export function browserCompression(): Compression {
  return { compress: rawFrame, decompress };
}

function decompress(data: Uint8Array, limit: number): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  const stream = new Decompress((part, last) => {
    size += part.length;
    if (size > limit) throw new TooLarge();
    parts.push(part);
    finished ||= last === true;
  });
  try {
    // The window a frame asks for is memory: it has to fit what the caller allows.
    if (windowSize(data) > Math.max(limit, MAX_BLOCK) * 2) return undefined;
    for (let i = 0; i < data.length; i += PIECE) stream.push(data.subarray(i, i + PIECE), i + PIECE >= data.length);
  } catch {
    return undefined;
  }
  if (!finished) return undefined;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Bytes of window or content the frame header announces; 0 when there is none (RFC 8878, section 3.1.1.1). */
function windowSize(data: Uint8Array): number {
  const descriptor = data[4];
  if (descriptor === undefined) return 0;
  if ((descriptor & 0x20) === 0) {
    const window = data[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const size = [1, 2, 4, 8][descriptor >> 6] as number;
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (data[5 + dictionary + i] ?? 0);
  return size === 2 ? value + 256 : value;
}

/** A valid frame that stores its content as it is: a page sends little, and a compressor is 300 kB of WebAssembly. */
function rawFrame(data: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(data.length / MAX_BLOCK));
  const out = new Uint8Array(4 + 1 + 4 + blocks * 3 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  // Single segment, content size in four bytes, no checksum.
  out[4] = 0xa0;
  view.setUint32(5, data.length, true);
  let at = 9;
  for (let i = 0; i < blocks; i++) {
    const block = data.subarray(i * MAX_BLOCK, (i + 1) * MAX_BLOCK);
    const header = (block.length << 3) | (i === blocks - 1 ? 1 : 0);
    out.set([header & 255, (header >> 8) & 255, header >> 16], at);
    out.set(block, at + 3);
    at += 3 + block.length;
  }
  return out;
}
