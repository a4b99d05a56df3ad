import type { PeerMessage } from "@pulpit/wire";
import { ProtocolError } from "../errors.ts";
import { Extension } from "../extensions.ts";
import type { Machine, Millis } from "../machine.ts";
import type { HostHandshakeInput } from "./host.ts";

/** A viewer of ours speaks as soon as it is connected; who is silent for so long waits for a challenge, ms. */
const SILENCE = 2_000;

/** What somebody wants who connected without a server. */
export type HostGreetingOutcome =
  /** The handshake comes next. */
  | { readonly type: "encrypted" }
  /** Nothing was said: a stock viewer, which knows no encryption here. */
  | { readonly type: "plaintext" };

export interface HostGreetingEffect {
  readonly type: "finish";
  readonly outcome: HostGreetingOutcome;
}

/**
 * The first moment of a direct connection at the host, which says nothing before it knows whom it talks to.
 * Source: docs/protocol/extensions.md, "2: direct-encrypted".
 */
export class HostGreeting implements Machine<HostHandshakeInput, HostGreetingEffect> {
  #deadline: Millis | undefined;

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: HostHandshakeInput, now: Millis): readonly HostGreetingEffect[] {
    switch (input.type) {
      case "start":
        this.#deadline = now + SILENCE;
        return [];
      case "timeout":
        return [{ type: "finish", outcome: { type: "plaintext" } }];
      case "received":
        if (!isGreeting(input.message)) throw new ProtocolError("unexpected-message", "no greeting");
        return [{ type: "finish", outcome: { type: "encrypted" } }];
    }
  }
}

function isGreeting(message: PeerMessage): boolean {
  return message.case === "publicKey" && message.value.extensions.includes(Extension.directEncrypted);
}
