import type { PeerMessage, PeerMessageInit } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import { ProtocolError } from "../errors.ts";
import type { Machine, Millis } from "../machine.ts";
import { signCertifiedIdentity } from "./certified-identity.ts";
import { signDirectIdentity } from "./direct-identity.ts";
import { HANDSHAKE_TIMEOUT, type HandshakeOutcome } from "./outcome.ts";

export type HostHandshakeInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: PeerMessage }
  | { readonly type: "timeout" };

export type HandshakeEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  | { readonly type: "finish"; readonly outcome: HandshakeOutcome };

const KEY_BYTES = 32;
/** Both box keys are fresh for each connection, so that a fixed nonce is safe (handshake.md, section 4). */
const ZERO_NONCE: Uint8Array = new Uint8Array(24);

/**
 * The host's end: proves its identity with a freshly signed box key, takes the session key in return.
 * Source: docs/protocol/handshake.md, sections 4 and 6.2.
 */
export class HostHandshake implements Machine<HostHandshakeInput, HandshakeEffect> {
  readonly #crypto: Crypto;
  readonly #id: string;
  readonly #identity: KeyPair;
  readonly #box: KeyPair;
  readonly #certificate: string;
  readonly #extensions: readonly number[];
  readonly #direct: boolean;
  #deadline: Millis | undefined;

  /**
   * `identity`: this installation's Ed25519 pair. `box`: a Curve25519 pair made for this connection alone.
   * `certificate`, `extensions`: what WebRTC signs besides (`webrtc-host.ts`). `direct`: no ID server has told the viewer the key.
   */
  constructor(options: {
    crypto: Crypto;
    id: string;
    identity: KeyPair;
    box: KeyPair;
    certificate?: string;
    extensions?: readonly number[];
    direct?: boolean;
  }) {
    this.#crypto = options.crypto;
    this.#id = options.id;
    this.#identity = options.identity;
    this.#box = options.box;
    this.#certificate = options.certificate ?? "";
    this.#extensions = options.extensions ?? [];
    this.#direct = options.direct ?? false;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: HostHandshakeInput, now: Millis): readonly HandshakeEffect[] {
    switch (input.type) {
      case "start":
        this.#deadline = now + HANDSHAKE_TIMEOUT;
        return [{ type: "send", message: { case: "signedId", value: { id: this.#signed() } } }];
      case "timeout":
        throw new ProtocolError("timeout", "the viewer did not answer the handshake");
      case "received":
        return [{ type: "finish", outcome: this.#answered(input.message) }];
    }
  }

  #signed(): Uint8Array {
    if (this.#direct) return signDirectIdentity(this.#crypto, this.#id, this.#box.publicKey, this.#identity);
    const said = { certificate: this.#certificate, extensions: this.#extensions };
    const identity = { id: this.#id, key: this.#box.publicKey, ...said };
    return signCertifiedIdentity(this.#crypto, identity, this.#identity.secretKey);
  }

  #answered(message: PeerMessage): HandshakeOutcome {
    if (message.case !== "publicKey") return { type: "plaintext", why: "declined" };
    const { asymmetricValue, symmetricValue } = message.value;
    if (asymmetricValue.length === 0) return { type: "plaintext", why: "key-mismatch" };
    if (asymmetricValue.length !== KEY_BYTES) throw new ProtocolError("malformed", "viewer key of a wrong length");
    const key = this.#crypto.boxOpen(symmetricValue, ZERO_NONCE, asymmetricValue, this.#box.secretKey);
    if (key === undefined || key.length !== KEY_BYTES) {
      throw new ProtocolError("decryption-failed", "the session key did not open");
    }
    return { type: "secured", key };
  }
}
