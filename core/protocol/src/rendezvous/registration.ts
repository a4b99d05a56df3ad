import {
  type IceCandidate,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import { Extension } from "../extensions.ts";
import type { Machine, Millis } from "../machine.ts";
import { NOT_DEPLOYED_RETRY, type RegistrationRefusal, refusalOf } from "./refusal.ts";
import { RepeatedCalls } from "./repeated-calls.ts";

/** The server forgets a host after 30 s; this survives one lost beat (docs/protocol/rendezvous.md, section 4.1). */
const INTERVAL = 15_000;
/** An unanswered datagram is sent again after this, ms. */
const RESEND = 3_000;
/** Unanswered datagrams after which the host counts as offline. */
const OFFLINE_AFTER = 4;
/** Configuration serial stock clients send (section 2.1). */
const SERIAL = 3;

export type RegistrationInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: ServerMessage }
  | { readonly type: "timeout" };

/** A server's call to meet a viewer. */
export type Invitation = Extract<ServerMessage, { case: "punchHole" | "fetchLocalAddr" | "requestRelay" }>;

export type RegistrationEffect =
  | { readonly type: "send"; readonly message: ServerMessageInit }
  /** The ID is ours and viewers can find us. */
  | { readonly type: "registered" }
  /** No answer for a while; goes on trying. */
  | { readonly type: "offline" }
  /** The server said no; goes on trying, except after `uuid-mismatch`: the ID belongs to somebody else. */
  | { readonly type: "rejected"; readonly why: RegistrationRefusal }
  /** `givesTickets`: the server signs relay tickets for who asks. */
  | { readonly type: "invited"; readonly invitation: Invitation; readonly givesTickets: boolean }
  /** A viewer that was answered by WebRTC tells how it can be reached. */
  | { readonly type: "candidate"; readonly message: IceCandidate };

/**
 * The host's end: keeps an ID alive at one ID server by datagrams. Answers count only while one is awaited,
 * so that a forged datagram changes nothing. Source: docs/protocol/rendezvous.md, sections 4.1 and 4.2.
 */
export class Registration implements Machine<RegistrationInput, RegistrationEffect> {
  readonly #id: string;
  readonly #uuid: Uint8Array;
  readonly #publicKey: Uint8Array;
  readonly #repeated = new RepeatedCalls();
  #confirmed = false;
  #online = false;
  #givesTickets = false;
  #offersConnection = false;
  #awaiting: "registerPeer" | "registerPk" | undefined;
  #unanswered = 0;
  #deadline: Millis | undefined;

  /** `publicKey`: 32-byte Ed25519 key of this installation. */
  constructor(options: { id: string; uuid: Uint8Array; publicKey: Uint8Array }) {
    this.#id = options.id;
    this.#uuid = options.uuid;
    this.#publicKey = options.publicKey;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  /** The server takes registrations on encrypted connections as well, by its own word. */
  get offersConnection(): boolean {
    return this.#offersConnection;
  }

  handle(input: RegistrationInput, now: Millis): readonly RegistrationEffect[] {
    switch (input.type) {
      case "start":
        return this.#register(now);
      case "timeout":
        return this.#expired(now);
      case "received":
        return this.#received(input.message, now);
    }
  }

  #expired(now: Millis): readonly RegistrationEffect[] {
    if (this.#awaiting === undefined) return this.#register(now);
    this.#unanswered += 1;
    const effects = [...this.#register(now)];
    if (this.#unanswered === OFFLINE_AFTER) {
      this.#online = false;
      effects.push({ type: "offline" });
    }
    return effects;
  }

  #register(now: Millis): readonly RegistrationEffect[] {
    this.#deadline = now + RESEND;
    if (this.#confirmed) {
      this.#awaiting = "registerPeer";
      return [{ type: "send", message: { case: "registerPeer", value: { id: this.#id, serial: SERIAL } } }];
    }
    this.#awaiting = "registerPk";
    const value = { id: this.#id, uuid: this.#uuid, pk: this.#publicKey };
    return [{ type: "send", message: { case: "registerPk", value } }];
  }

  #received(message: ServerMessage, now: Millis): readonly RegistrationEffect[] {
    switch (message.case) {
      case "registerPeerResponse":
        if (this.#awaiting !== "registerPeer") return [];
        this.#answered(now);
        if (message.value.requestPk) {
          this.#confirmed = false;
          return this.#register(now);
        }
        return this.#nowOnline();
      case "registerPkResponse":
        if (this.#awaiting !== "registerPk") return [];
        this.#answered(now);
        this.#givesTickets = message.value.extensions.includes(Extension.ticket);
        this.#offersConnection = message.value.extensions.includes(Extension.serverChannel);
        return this.#keyAnswered(message.value.result, now);
      case "punchHole":
      case "fetchLocalAddr":
      case "requestRelay":
        return this.#called(message, now);
      case "iceCandidate":
        return [{ type: "candidate", message: message.value }];
      default:
        return [];
    }
  }

  #keyAnswered(result: Result, now: Millis): readonly RegistrationEffect[] {
    if (result === Result.OK) {
      this.#confirmed = true;
      // Stock servers bring a host online by RegisterPeer only.
      return this.#register(now);
    }
    const why = refusalOf(result);
    if (why === "uuid-mismatch") this.#deadline = undefined;
    if (why === "not-deployed") this.#deadline = now + NOT_DEPLOYED_RETRY;
    return [{ type: "rejected", why }];
  }

  #answered(now: Millis): void {
    this.#awaiting = undefined;
    this.#unanswered = 0;
    this.#deadline = now + INTERVAL;
  }

  #nowOnline(): readonly RegistrationEffect[] {
    if (this.#online) return [];
    this.#online = true;
    return [{ type: "registered" }];
  }

  #called(invitation: Invitation, now: Millis): readonly RegistrationEffect[] {
    return this.#repeated.is(invitation.value.socketAddr, now)
      ? []
      : [{ type: "invited", invitation, givesTickets: this.#givesTickets }];
  }
}
