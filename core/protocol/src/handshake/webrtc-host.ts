import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import type { Machine, Millis } from "../machine.ts";
import { HostHandshake, type HostHandshakeInput } from "./host.ts";
import { type WebRtcHandshakeEffect, withoutKey } from "./webrtc-outcome.ts";

/**
 * The host's end over WebRTC: it signs its certificate of this connection, and takes the viewer's key as a sign that
 * this was checked. Source: docs/protocol/webrtc.md, section 14.
 */
export class WebRtcHostHandshake implements Machine<HostHandshakeInput, WebRtcHandshakeEffect> {
  readonly #inner: HostHandshake;

  /**
   * `certificate`: the fingerprint line of the own SDP as it went out, `Binding.local`: stock compares texts.
   * `extensions`: what this end speaks on such a connection. The rest as for `HostHandshake`.
   */
  constructor(options: {
    crypto: Crypto;
    id: string;
    identity: KeyPair;
    certificate: string;
    extensions?: readonly number[];
    box: KeyPair;
  }) {
    if (options.certificate === "") throw new RangeError("no handshake over WebRTC without a certificate");
    this.#inner = new HostHandshake(options);
  }

  get deadline(): Millis | undefined {
    return this.#inner.deadline;
  }

  handle(input: HostHandshakeInput, now: Millis): readonly WebRtcHandshakeEffect[] {
    return this.#inner.handle(input, now).map(withoutKey);
  }
}
