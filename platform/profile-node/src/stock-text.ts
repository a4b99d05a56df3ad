import type { Crypto } from "@pulpit/protocol";
import { fromBase64 } from "./base64.ts";

const KEY = 32;
const NONCE = 24;
/** First byte of the present layout. */
const WITH_NONCE = 1;
/** Longest encrypted text, characters of base64: 128 characters of 4 bytes, nonce and tag fit. */
const MAX_ENCRYPTED = 1024;

/**
 * The text inside a stock host's encrypted form, the base64 behind its two-digit mark; undefined when no key opens it.
 * Each of `keys` is tried in turn, cut or filled up with zeros to 32 bytes; inside is `1`, nonce and secretbox, or, older,
 * a secretbox with a nonce of zeros. Source: docs/protocol/session.md, section 3.5.
 */
export function openStockText(encrypted: string, keys: readonly Uint8Array[], crypto: Crypto): string | undefined {
  const payload = encrypted.length > MAX_ENCRYPTED ? undefined : fromBase64(encrypted);
  if (payload === undefined) return undefined;
  for (const bytes of keys) {
    const key = new Uint8Array(KEY);
    key.set(bytes.subarray(0, KEY));
    const plain = openLayouts(payload, key, crypto);
    if (plain !== undefined) return textOf(plain);
  }
  return undefined;
}

function openLayouts(payload: Uint8Array, key: Uint8Array, crypto: Crypto): Uint8Array | undefined {
  const hasNonce = payload[0] === WITH_NONCE && payload.length > NONCE;
  const present = hasNonce
    ? crypto.secretBoxOpen(payload.subarray(1 + NONCE), payload.subarray(1, 1 + NONCE), key)
    : undefined;
  // An old box may begin with that byte by chance.
  return present ?? crypto.secretBoxOpen(payload, new Uint8Array(NONCE), key);
}

function textOf(plain: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch {
    return undefined;
  }
}
