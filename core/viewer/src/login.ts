import { type Codec, type Crypto, passwordProof, preferenceToWire } from "@pulpit/protocol";
import { type Hash, OptionMessage_BoolOption, type OptionMessageInit, type PeerMessageInit } from "@pulpit/wire";
import type { ViewerIdentity } from "./viewer.ts";

/** The stock version whose features this viewer speaks (docs/protocol/session.md, section 20). */
const WIRE_VERSION = "1.4.9";

/** What this viewer decodes, as the host wants to hear it (docs/protocol/media.md, section 4.1). */
export function decodingOption(codecs: readonly Codec[], preferred: Codec | "auto"): OptionMessageInit {
  const ability = (codec: Codec): number => (codecs.includes(codec) ? 1 : 0);
  return {
    supportedDecoding: {
      abilityVp9: ability("vp9"),
      abilityH264: ability("h264"),
      abilityAv1: ability("av1"),
      abilityVp8: ability("vp8"),
      abilityH265: ability("h265"),
      prefer: preferenceToWire(preferred),
    },
  };
}

/** View-only as a stock viewer spells it (docs/protocol/session.md, section 8.2). */
export function viewOnlyOption(on: boolean): OptionMessageInit {
  const { YES, NO } = OptionMessage_BoolOption;
  return { disableKeyboard: on ? YES : NO, disableClipboard: on ? YES : NO, showRemoteCursor: YES };
}

/**
 * The login request of a desktop session. `passwordHash` undefined: an empty proof, so that the person at the
 * host can accept. Source: docs/protocol/session.md, section 4.
 */
export function loginRequest(login: {
  readonly crypto: Crypto;
  readonly hash: Hash;
  /** SHA-256 of password and salt. */
  readonly passwordHash: Uint8Array | undefined;
  readonly hostId: string;
  readonly identity: ViewerIdentity;
  readonly sessionId: bigint;
  readonly option: OptionMessageInit;
  /** 32 bytes that the host trusts this device by, if it does. */
  readonly deviceSecret: Uint8Array | undefined;
}): PeerMessageInit & { case: "loginRequest" } {
  const { crypto, hash, passwordHash, hostId, identity, sessionId, option, deviceSecret } = login;
  const proof = passwordHash === undefined ? new Uint8Array(0) : passwordProof(crypto, passwordHash, hash.challenge);
  return {
    case: "loginRequest",
    value: {
      username: hostId,
      password: proof,
      myId: identity.id,
      myName: identity.name,
      myPlatform: identity.platform,
      version: WIRE_VERSION,
      sessionId,
      // Bounds the pictures that wait undecoded here (docs/protocol/media.md, section 7.2).
      videoAckRequired: true,
      option,
      hwid: deviceSecret ?? new Uint8Array(0),
    },
  };
}
