import type { PeerMessage } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import type { Machine, Millis } from "../machine.ts";
import { sameCertificate } from "../webrtc/sdp.ts";
import { openCertified } from "./certified-identity.ts";
import { ViewerHandshake, type ViewerHandshakeInput } from "./viewer.ts";
import { type WebRtcHandshakeEffect, withoutKey } from "./webrtc-outcome.ts";

/**
 * The viewer's end over WebRTC: the host has to sign the very certificate with which this connection is encrypted.
 * Anything else is refused and gets nothing. Source: docs/protocol/webrtc.md, section 14.
 */
export class WebRtcViewerHandshake implements Machine<ViewerHandshakeInput, WebRtcHandshakeEffect> {
  readonly #crypto: Crypto;
  readonly #hostKey: Uint8Array;
  readonly #certificate: string;
  readonly #inner: ViewerHandshake;
  #extensions: readonly number[] = [];

  /**
   * `certificate`: fingerprint of the certificate at the other end of the actual connection, `Binding.remote`. The rest
   * as for `ViewerHandshake`; stock wants a session key, which then encrypts nothing.
   */
  constructor(options: {
    crypto: Crypto;
    hostId: string;
    hostKey: Uint8Array;
    certificate: string;
    box: KeyPair;
    sessionKey: Uint8Array;
  }) {
    this.#crypto = options.crypto;
    this.#hostKey = options.hostKey;
    this.#certificate = options.certificate;
    this.#inner = new ViewerHandshake(options);
  }

  /** What the host speaks beyond the stock wire, by its own signature. */
  get extensions(): readonly number[] {
    return this.#extensions;
  }

  get deadline(): Millis | undefined {
    return this.#inner.deadline;
  }

  handle(input: ViewerHandshakeInput, now: Millis): readonly WebRtcHandshakeEffect[] {
    if (input.type === "received" && this.#isForeign(input.message)) {
      return [{ type: "finish", outcome: { type: "refused", why: "wrong-certificate" } }];
    }
    return this.#inner.handle(input, now).map(withoutKey);
  }

  /** A proof by the right host for another connection. What is no proof at all is judged as on every transport. */
  #isForeign(message: PeerMessage): boolean {
    if (message.case !== "signedId") return false;
    const signed = openCertified(this.#crypto, message.value.id, this.#hostKey);
    if (signed === undefined) return false;
    this.#extensions = signed.extensions;
    return !sameCertificate(signed.certificate, this.#certificate);
  }
}
