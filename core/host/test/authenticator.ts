import { createHmac } from "node:crypto";

/** The six-digit code of a shared secret at a Unix time in ms; RFC 6238 with SHA-1 and steps of 30 s. */
export function codeAt(secret: Uint8Array, wall: number): string {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(wall / 30_000)));
  const mac = createHmac("sha1", secret).update(step).digest();
  const at = (mac.at(-1) as number) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
