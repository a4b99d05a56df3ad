import type { PeerMessageInit } from "@pulpit/wire";
import type { HandshakeEffect } from "./host.ts";

/**
 * How the handshake over WebRTC ended. There is no key: DTLS encrypts, and the handshake says who is at its other end.
 * Source: docs/protocol/webrtc.md, section 14.
 */
export type WebRtcHandshakeOutcome =
  /** The host proved that the connection ends at it and nowhere else; the host knows that the viewer has checked. */
  | { readonly type: "authenticated" }
  /** The viewer could not check the host; whether to go on is for policy to say, and the default is no. */
  | { readonly type: "unauthenticated"; readonly why: "declined" | "key-mismatch" }
  /**
   * `bad-identity`: not signed by the key vouched for, or of another ID. `wrong-certificate`: the host is another end of
   * another connection, which is what a server in the middle looks like; no other path helps against that.
   */
  | { readonly type: "refused"; readonly why: "bad-identity" | "wrong-certificate" };

export type WebRtcHandshakeEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  | { readonly type: "finish"; readonly outcome: WebRtcHandshakeOutcome };

/** What a step of the handshake of every transport means here: the key is discarded, what it proved stays. */
export function withoutKey(effect: HandshakeEffect): WebRtcHandshakeEffect {
  if (effect.type === "send") return effect;
  const { outcome } = effect;
  switch (outcome.type) {
    case "secured":
      return { type: "finish", outcome: { type: "authenticated" } };
    case "plaintext":
      return { type: "finish", outcome: { type: "unauthenticated", why: outcome.why } };
    case "refused":
      return { type: "finish", outcome };
  }
}
