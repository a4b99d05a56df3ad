import { decodeIdPk, encodeIdPk, WireError } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import { Extension } from "../extensions.ts";
import { canonicalId } from "../target/id.ts";

const KEY_BYTES = 32;
/** Signature and message; an identity is much smaller. */
const MAX_SIGNED = 1024;

/** Who a host says it is where no ID server vouches for it. */
export interface DirectIdentity {
  /** Its word, nobody else's. */
  readonly id: string;
  /** Ed25519 key that the host has proved to hold, 32 bytes. */
  readonly hostKey: Uint8Array;
}

/** Signs a fresh box key together with the key it is signed with; the result is SignedId.id (extensions.md, 2). */
export function signDirectIdentity(crypto: Crypto, id: string, box: Uint8Array, identity: KeyPair): Uint8Array {
  const message = { id, pk: box, extensions: [Extension.directEncrypted], directKey: identity.publicKey };
  return crypto.sign(encodeIdPk(message), identity.secretKey);
}

/** What stands in it; undefined when it is not signed with the key inside, or does not speak of this extension. */
export function openDirectIdentity(crypto: Crypto, signed: Uint8Array): DirectIdentity | undefined {
  // The key is needed to open it, and is inside.
  if (signed.length > MAX_SIGNED) return undefined;
  try {
    const { id, directKey, extensions } = decodeIdPk(signed.subarray(64));
    if (directKey.length !== KEY_BYTES || !extensions.includes(Extension.directEncrypted)) return undefined;
    if (canonicalId(id) !== id || crypto.signOpen(signed, directKey) === undefined) return undefined;
    return { id, hostKey: directKey };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
