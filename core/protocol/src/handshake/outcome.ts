/** How the handshake ended. What does not fit the protocol at all is a ProtocolError instead. */
export type HandshakeOutcome =
  /** Both ends hold `key`, 32 bytes; everything after is sealed with it. */
  | { readonly type: "secured"; readonly key: Uint8Array }
  /** The other side wants no encryption; whether to go on is for policy to say, and the default is no. */
  | { readonly type: "plaintext"; readonly why: "declined" | "key-mismatch" }
  /** What the host sent is not signed by the key that was vouched for, or names another ID. */
  | { readonly type: "refused"; readonly why: "bad-identity" };

/** Each step of the handshake has to happen within this, ms (docs/protocol/handshake.md, section 4). */
export const HANDSHAKE_TIMEOUT = 18_000;
