/** 64 secret bits. Who does not know them can't choose what falls together in a table. */
export type HashKey = readonly [number, number];

/** HalfSipHash-1-3 of `length` bytes from `at`: 32 bits, as an unsigned number. */
export function keyedHash(key: HashKey, bytes: Uint8Array, at: number, length: number): number {
  let v0 = key[0] | 0;
  let v1 = key[1] | 0;
  let v2 = 0x6c796765 ^ v0;
  let v3 = 0x74656462 ^ v1;
  const words = (length >> 2) + 1;
  // Three more rounds, without input, mix what the last word brought in.
  for (let i = 0; i < words + 3; i++) {
    if (i === words) v2 ^= 0xff;
    const word = i < words ? wordAt(bytes, at, length, i * 4) : 0;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}

/** Four bytes, lowest first; the last word carries what is left and the length. */
function wordAt(bytes: Uint8Array, at: number, length: number, from: number): number {
  const left = length - from;
  const base = at + from;
  if (left >= 4) {
    return (
      (bytes[base] as number) |
      ((bytes[base + 1] as number) << 8) |
      ((bytes[base + 2] as number) << 16) |
      ((bytes[base + 3] as number) << 24)
    );
  }
  let word = length << 24;
  for (let i = 0; i < left; i++) word |= (bytes[base + i] as number) << (8 * i);
  return word;
}
