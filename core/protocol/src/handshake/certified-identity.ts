import { decodeIdPk, encodeIdPk, WireError } from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";
import type { SignedIdentity } from "../crypto/identity.ts";

/** Who a host says it is on a WebRTC connection, and which certificate is its own there. */
export interface CertifiedIdentity extends SignedIdentity {
  /** Text of the fingerprint line in the host's SDP, such as `sha-256 C0:C1:…`; empty on other transports. */
  readonly certificate: string;
  /** What the host speaks beyond the stock wire there (docs/protocol/extensions.md). */
  readonly extensions: readonly number[];
}

/** Signs it; the result is SignedId.id (docs/protocol/webrtc.md, sections 14 and 15.4). */
export function signCertifiedIdentity(crypto: Crypto, identity: CertifiedIdentity, secretKey: Uint8Array): Uint8Array {
  const { id, key, certificate, extensions } = identity;
  const message = { id, pk: key, dtlsFingerprint: certificate, extensions: [...extensions] };
  return crypto.sign(encodeIdPk(message), secretKey);
}

/** What the owner of `signer` says besides who it is; undefined when it is not its signature or nothing is inside. */
export function openCertified(
  crypto: Crypto,
  signed: Uint8Array,
  signer: Uint8Array,
): Pick<CertifiedIdentity, "certificate" | "extensions"> | undefined {
  const message = crypto.signOpen(signed, signer);
  if (message === undefined) return undefined;
  try {
    const { dtlsFingerprint, extensions } = decodeIdPk(message);
    return { certificate: dtlsFingerprint, extensions };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
