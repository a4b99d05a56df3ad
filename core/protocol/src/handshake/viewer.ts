import type { PeerMessage } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import { openIdentity } from "../crypto/identity.ts";
import { ProtocolError } from "../errors.ts";
import type { Machine, Millis } from "../machine.ts";
import type { HandshakeEffect } from "./host.ts";
import { HANDSHAKE_TIMEOUT } from "./outcome.ts";

export type ViewerHandshakeInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: PeerMessage }
  | { readonly type: "timeout" };

const ZERO_NONCE: Uint8Array = new Uint8Array(24);

/**
 * The viewer's end: checks that the host holds the key vouched for, then hands it the session key, sealed.
 * Anything but a valid proof is refused; there is no falling back to plaintext (ADR 0011).
 * Source: docs/protocol/handshake.md, sections 4 and 6.1.
 */
export class ViewerHandshake implements Machine<ViewerHandshakeInput, HandshakeEffect> {
  readonly #crypto: Crypto;
  readonly #hostId: string;
  readonly #hostKey: Uint8Array;
  readonly #box: KeyPair;
  readonly #sessionKey: Uint8Array;
  #deadline: Millis | undefined;

  /**
   * `hostKey`: Ed25519 key of the host, already checked. `box`: a Curve25519 pair, `sessionKey`: 32 random
   * bytes, both made for this connection alone.
   */
  constructor(options: { crypto: Crypto; hostId: string; hostKey: Uint8Array; box: KeyPair; sessionKey: Uint8Array }) {
    this.#crypto = options.crypto;
    this.#hostId = options.hostId;
    this.#hostKey = options.hostKey;
    this.#box = options.box;
    this.#sessionKey = options.sessionKey;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: ViewerHandshakeInput, now: Millis): readonly HandshakeEffect[] {
    switch (input.type) {
      case "start":
        this.#deadline = now + HANDSHAKE_TIMEOUT;
        return [];
      case "timeout":
        throw new ProtocolError("timeout", "the host did not begin the handshake");
      case "received":
        return this.#proved(input.message);
    }
  }

  #proved(message: PeerMessage): readonly HandshakeEffect[] {
    if (message.case !== "signedId") {
      throw new ProtocolError("unexpected-message", "the host did not begin with its identity");
    }
    const offered = openIdentity(this.#crypto, message.value.id, this.#hostKey);
    if (offered === undefined || offered.id !== this.#hostId) {
      return [{ type: "finish", outcome: { type: "refused", why: "bad-identity" } }];
    }
    const symmetricValue = this.#crypto.box(this.#sessionKey, ZERO_NONCE, offered.key, this.#box.secretKey);
    return [
      { type: "send", message: { case: "publicKey", value: { asymmetricValue: this.#box.publicKey, symmetricValue } } },
      { type: "finish", outcome: { type: "secured", key: this.#sessionKey } },
    ];
  }
}
