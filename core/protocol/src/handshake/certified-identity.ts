import { decodeIdPk, encodeIdPk, WireError } from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";
import type { SignedIdentity } from "../crypto/identity.ts";

/** Who a host says it is on a WebRTC connection, and which certificate is its own there. */
export interface CertifiedIdentity extends SignedIdentity {
  /** Text of the fingerprint line in the host's SDP, such as `sha-256 C0:C1:…`; empty on other transports. */
  readonly certificate: string;
}

/** Signs it; the result is SignedId.id (docs/protocol/webrtc.md, sections 14 and 15.4). */
export function signCertifiedIdentity(crypto: Crypto, identity: CertifiedIdentity, secretKey: Uint8Array): Uint8Array {
  const { id, key, certificate } = identity;
  return crypto.sign(encodeIdPk({ id, pk: key, dtlsFingerprint: certificate }), secretKey);
}

/** The certificate that the owner of `signer` vouches for; undefined when it is not its signature or nothing is inside. */
export function openCertificate(crypto: Crypto, signed: Uint8Array, signer: Uint8Array): string | undefined {
  const message = crypto.signOpen(signed, signer);
  if (message === undefined) return undefined;
  try {
    return decodeIdPk(message).dtlsFingerprint;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
