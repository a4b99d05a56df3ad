import { createHmac } from "node:crypto";

const PERIOD = 30_000;

/**
 * The six digits of a secret in Base32, `steps` periods of 30 s from now: what an authenticator shows (RFC 6238 with
 * SHA-1), computed here on its own so that the host is not compared with itself.
 */
export function authenticatorCode(secret: string, steps = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / PERIOD) + steps));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const start = (digest.at(-1) as number) & 15;
  return String((digest.readUInt32BE(start) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text.replace(/\s+/g, "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
