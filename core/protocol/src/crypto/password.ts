import type { Crypto, Random } from "./crypto.ts";

/** Whether both hold the same bytes; takes as long whatever they hold, so that timing tells nothing. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** SHA-256 of password and salt: what hosts store and viewers may remember; as good as the password itself. */
export function passwordHash(crypto: Crypto, password: string, salt: string): Uint8Array {
  return crypto.sha256(new TextEncoder().encode(password + salt));
}

/** The 32-byte answer to a challenge, field LoginRequest.password (docs/protocol/session.md, section 3.1). */
export function passwordProof(crypto: Crypto, hash: Uint8Array, challenge: string): Uint8Array {
  const suffix = new TextEncoder().encode(challenge);
  const input = new Uint8Array(hash.length + suffix.length);
  input.set(hash);
  input.set(suffix, hash.length);
  return crypto.sha256(input);
}

/** 32 symbols that nobody confuses: no 0, 1, l, o (docs/protocol/session.md, section 3.4). */
const SYMBOLS = "23456789abcdefghijkmnpqrstuvwxyz";

/**
 * Text of as many symbols as `random` has bytes, 5 bits each and uniform (256 is a multiple of 32).
 * One-time passwords, salts and challenges are made of it.
 */
export function symbolsOf(random: Uint8Array): string {
  return Array.from(random, (byte) => SYMBOLS[byte & 31]).join("");
}

/** `length` decimal digits, uniform: bytes above 249 are thrown away, and others asked for. */
export function digitsOf(random: Random, length: number): string {
  let digits = "";
  while (digits.length < length) {
    for (const byte of random.bytes(length)) if (byte < 250 && digits.length < length) digits += byte % 10;
  }
  return digits;
}
