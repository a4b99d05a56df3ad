import { decodeIdPk, encodeIdPk, WireError } from "@pulpit/wire";
import type { Crypto } from "./crypto.ts";

/** Bytes of a public key, Ed25519 and Curve25519 alike. */
const KEY_BYTES = 32;

/** An ID and the key vouched for: of the host (signed by the ID server) or its fresh box key (signed by the host). */
export interface SignedIdentity {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Signs `{ id, key }`: a combined signature as PunchHoleResponse.pk and SignedId.id carry it (handshake.md, section 3). */
export function signIdentity(crypto: Crypto, identity: SignedIdentity, secretKey: Uint8Array): Uint8Array {
  return crypto.sign(encodeIdPk({ id: identity.id, pk: identity.key }), secretKey);
}

/**
 * What the owner of `signer` vouches for, or undefined: not its signature, no identity inside, or a key of
 * the wrong length. Callers compare the ID. Source: docs/protocol/handshake.md, section 3.
 */
export function openIdentity(crypto: Crypto, signed: Uint8Array, signer: Uint8Array): SignedIdentity | undefined {
  const message = crypto.signOpen(signed, signer);
  if (message === undefined) return undefined;
  try {
    const { id, pk } = decodeIdPk(message);
    return pk.length === KEY_BYTES ? { id, key: pk } : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** A public key for human eyes: 16 groups of 4 hex digits (docs/protocol/handshake.md, section 8). */
export function fingerprint(publicKey: Uint8Array): string {
  const hex = Array.from(publicKey, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (hex.match(/.{1,4}/g) ?? []).join(" ");
}

/** The 32-byte key that this base64 text stands for, as servers print theirs; undefined when it is none. */
export function publicKeyOf(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
