import type { PeerMessage, PeerMessageInit } from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";
import { ProtocolError } from "../errors.ts";
import { Extension } from "../extensions.ts";
import type { Machine, Millis } from "../machine.ts";
import { type DirectIdentity, openDirectIdentity } from "./direct-identity.ts";
import { HANDSHAKE_TIMEOUT } from "./outcome.ts";
import type { ViewerHandshakeInput } from "./viewer.ts";

/** Whom a viewer has met at an address. */
export type ViewerGreetingOutcome =
  /** `ViewerHandshake` begins with the same message, once the key is known to be the right one. */
  | { readonly type: "identified"; readonly identity: DirectIdentity }
  /** A host without encryption here; it has sent its challenge. */
  | { readonly type: "plaintext" }
  /** The host turns us away before anything else. */
  | { readonly type: "refused"; readonly text: string }
  /** What was signed is not signed by the key it names. */
  | { readonly type: "bad-identity" };

export type ViewerGreetingEffect =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  | { readonly type: "finish"; readonly outcome: ViewerGreetingOutcome };

/**
 * The first moment of a direct connection at the viewer: it speaks first, so that the host knows what it can. A stock
 * host makes nothing of it. Source: docs/protocol/extensions.md, "2: direct-encrypted".
 */
export class ViewerGreeting implements Machine<ViewerHandshakeInput, ViewerGreetingEffect> {
  readonly #crypto: Crypto;
  #deadline: Millis | undefined;

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: ViewerHandshakeInput, now: Millis): readonly ViewerGreetingEffect[] {
    switch (input.type) {
      case "start":
        this.#deadline = now + HANDSHAKE_TIMEOUT;
        return [{ type: "send", message: { case: "publicKey", value: { extensions: [Extension.directEncrypted] } } }];
      case "timeout":
        throw new ProtocolError("timeout", "nobody answered who speaks this protocol");
      case "received":
        return [{ type: "finish", outcome: this.#met(input.message) }];
    }
  }

  #met(message: PeerMessage): ViewerGreetingOutcome {
    switch (message.case) {
      case "signedId": {
        const identity = openDirectIdentity(this.#crypto, message.value.id);
        return identity === undefined ? { type: "bad-identity" } : { type: "identified", identity };
      }
      case "hash":
        return { type: "plaintext" };
      case "loginResponse":
        if (message.value.union.case === "error") return { type: "refused", text: message.value.union.value };
    }
    throw new ProtocolError("unexpected-message", "the host began with something else");
  }
}
