// Codes as an authenticator computes them, after RFC 6238 and RFC 4648 alone: nothing of ours is behind it.
import { createHmac } from "node:crypto";

const PERIOD_SECONDS = 30;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The six digits that belong to `at`, Unix time in ms. `secret`: bytes, or base32 as people type it. */
export function codeOf(secret: Uint8Array | string, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 1000 / PERIOD_SECONDS)));
  const key = typeof secret === "string" ? fromBase32(secret) : secret;
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = (hash.at(-1) as number) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Six digits that are of no step anywhere near `at`. */
export function wrongCode(secret: Uint8Array | string, at: number): string {
  const near = new Set([-2, -1, 0, 1, 2].map((step) => codeOf(secret, at + step * PERIOD_SECONDS * 1000)));
  let code = 0;
  while (near.has(String(code).padStart(6, "0"))) code += 1;
  return String(code).padStart(6, "0");
}

function fromBase32(text: string): Buffer {
  let bits = "";
  for (const symbol of text.replace(/[\s=]/g, "")) bits += BASE32.indexOf(symbol).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
