const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Base64 of the standard alphabet, padded. */
export function base64(data: Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

/** What canonical base64 says; undefined for anything else, and for another number of bytes than `length`. */
export function fromBase64(text: unknown, length?: number): Uint8Array | undefined {
  if (typeof text !== "string" || !BASE64.test(text)) return undefined;
  const data = new Uint8Array(Buffer.from(text, "base64"));
  // The bits behind the last byte have to be zero: one content has one text.
  if (base64(data) !== text) return undefined;
  return length === undefined || data.length === length ? data : undefined;
}
