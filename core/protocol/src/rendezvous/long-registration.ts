import {
  PunchHoleResponse_Failure as Failure,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { Extension } from "../extensions.ts";
import type { Machine, Millis } from "../machine.ts";
import type { ChannelKeys } from "./key-exchange.ts";
import { NOT_DEPLOYED_RETRY, refusalOf } from "./refusal.ts";
import type { Invitation, RegistrationEffect } from "./registration.ts";
import { RepeatedCalls } from "./repeated-calls.ts";

/** A registration without an answer is repeated after this, ms (docs/protocol/rendezvous.md, section 4.3). */
const RESEND = 15_000;
/** A server that does not say within this what it thinks of a key is registered with all the same, ms. */
const ASK_WITHIN = 3_000;
/** What a server's silence is measured by until it says otherwise, s. */
const KEEP_ALIVE = 60;
/** … and the most it may say, s: longer than a NAT remembers any connection. */
const MAX_KEEP_ALIVE = 3_600;

export type LongRegistrationInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: ServerMessage }
  /** The server sent an empty message: it is there. */
  | { readonly type: "beaten" }
  | { readonly type: "timeout" };

/** Why a connection is of no more use; the next one, or datagrams, may be. */
export type LongRegistrationEnd =
  | { readonly type: "silent" }
  | { readonly type: "unsupported" }
  /** The server has another key than this host was told. */
  | { readonly type: "wrong-key" }
  /** Somebody on the way has taken something out of what the server offered. */
  | { readonly type: "tampered" };

export type LongRegistrationEffect =
  | RegistrationEffect
  | { readonly type: "finish"; readonly outcome: LongRegistrationEnd };

/**
 * The host's end on a connection that stays: shows its key once, and is called on it for as long as it lives.
 * Source: docs/protocol/rendezvous.md, section 4.3.
 */
export class LongRegistration implements Machine<LongRegistrationInput, LongRegistrationEffect> {
  readonly #request: ServerMessageInit;
  readonly #repeated = new RepeatedCalls();
  readonly #keys: ChannelKeys["type"] | "certificate";
  /** To be asked about; undefined when there is nothing to ask, or it was answered. */
  #serverKey: string | undefined;
  #keepAlive = KEEP_ALIVE;
  #givesTickets = false;
  #confirmed = false;
  #deadline: Millis | undefined;

  /**
   * `publicKey`: 32-byte Ed25519 key of this installation; `keys`: what its connection is sealed with; `certificate`: a
   * WebSocket, where TLS does that and the server proves nothing but its name. There it can be asked, before it is told
   * anything, whether it has `serverKey`, as viewers show it: a host with the wrong one would meet nobody at the relay.
   */
  constructor(options: {
    readonly id: string;
    readonly uuid: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly keys: ChannelKeys["type"] | "certificate";
    readonly serverKey?: string;
  }) {
    const { id, uuid, publicKey, keys, serverKey } = options;
    this.#keys = keys;
    this.#serverKey = serverKey;
    this.#request = { case: "registerPk", value: { id, uuid, pk: publicKey } };
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: LongRegistrationInput, now: Millis): readonly LongRegistrationEffect[] {
    switch (input.type) {
      case "start":
        return this.#serverKey === undefined ? this.#register(now) : this.#ask(this.#serverKey, now);
      case "timeout":
        return this.#confirmed ? [{ type: "finish", outcome: { type: "silent" } }] : this.#register(now);
      case "beaten":
        this.#heard(now);
        return [];
      case "received":
        this.#heard(now);
        return this.#received(input.message, now);
    }
  }

  /** While no answer has come, the next attempt is what counts. */
  #heard(now: Millis): void {
    if (this.#confirmed) this.#deadline = now + this.#keepAlive * 1_500;
  }

  /** Calls an ID that nobody has: what a server says about the key comes before what it says about the ID (section 4.10). */
  #ask(licenceKey: string, now: Millis): readonly LongRegistrationEffect[] {
    this.#deadline = now + ASK_WITHIN;
    return [{ type: "send", message: { case: "punchHoleRequest", value: { licenceKey } } }];
  }

  #register(now: Millis): readonly LongRegistrationEffect[] {
    this.#serverKey = undefined;
    this.#confirmed = false;
    this.#deadline = now + RESEND;
    return [{ type: "send", message: this.#request }];
  }

  #received(message: ServerMessage, now: Millis): readonly LongRegistrationEffect[] {
    switch (message.case) {
      case "punchHoleResponse":
        if (this.#serverKey === undefined) return [];
        return message.value.failure === Failure.LICENSE_MISMATCH && message.value.socketAddr.length === 0
          ? [{ type: "finish", outcome: { type: "wrong-key" } }]
          : this.#register(now);
      case "registerPkResponse":
        // Said inside the encryption: who speaks this offers it.
        if (this.#keys === "shared" && message.value.extensions.includes(Extension.serverChannel)) {
          return [{ type: "finish", outcome: { type: "tampered" } }];
        }
        this.#givesTickets = message.value.extensions.includes(Extension.ticket);
        return this.#answered(message.value.result, message.value.keepAlive, now);
      case "registerPeerResponse":
        return message.value.requestPk ? this.#register(now) : [];
      case "punchHole":
      case "fetchLocalAddr":
      case "requestRelay":
        return this.#called(message, now);
      case "iceCandidate":
        return this.#confirmed ? [{ type: "candidate", message: message.value }] : [];
      default:
        return [];
    }
  }

  #answered(result: Result, keepAlive: number, now: Millis): readonly LongRegistrationEffect[] {
    if (keepAlive > 0) this.#keepAlive = Math.min(keepAlive, MAX_KEEP_ALIVE);
    if (result === Result.NOT_SUPPORT) return [{ type: "finish", outcome: { type: "unsupported" } }];
    if (result === Result.OK) {
      const before = this.#confirmed;
      this.#confirmed = true;
      this.#heard(now);
      return before ? [] : [{ type: "registered" }];
    }
    const why = refusalOf(result);
    if (why === "uuid-mismatch") this.#deadline = undefined;
    if (why === "not-deployed") this.#deadline = now + NOT_DEPLOYED_RETRY;
    return [{ type: "rejected", why }];
  }

  #called(invitation: Invitation, now: Millis): readonly LongRegistrationEffect[] {
    if (!this.#confirmed || this.#repeated.is(invitation.value.socketAddr, now)) return [];
    return [{ type: "invited", invitation, givesTickets: this.#givesTickets }];
  }
}
