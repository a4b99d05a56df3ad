/** Lower-case hex. */
export function toHex(data: Uint8Array): string {
  return Buffer.from(data).toString("hex");
}
