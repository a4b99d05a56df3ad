import {
  type OnlineRequest,
  type RegisterPeer,
  type RegisterPk,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";
import type { Millis } from "../machine.ts";
import { type Caller, Calls } from "./calls.ts";
import { type DeviceRecord, type Endpoint, isLoopback } from "./device.ts";
import { KeyRegistrar } from "./key-registration.ts";
import { Presence } from "./presence.ts";

/** Who speaks to the server. A WebSocket viewer's endpoint carries a port made up for it alone (section 4.10). */
export type Sender =
  | { readonly type: "datagram"; readonly endpoint: Endpoint }
  | {
      readonly type: "stream";
      readonly connection: number;
      readonly endpoint: Endpoint;
      /** On a WebSocket: such a peer can be reached through a relay only. */
      readonly relayOnly?: boolean;
    };

export type BrokerEffect =
  | { readonly type: "sendDatagram"; readonly to: Endpoint; readonly message: ServerMessageInit }
  | { readonly type: "send"; readonly connection: number; readonly message: ServerMessageInit }
  /** The conversation on this connection is over. */
  | { readonly type: "close"; readonly connection: number }
  | { readonly type: "remember"; readonly record: DeviceRecord };

export interface BrokerOptions {
  readonly crypto: Crypto;
  /** 64-byte Ed25519 key of the server: signs what it vouches for. */
  readonly secretKey: Uint8Array;
  /** Text viewers have to show; undefined lets everybody ask. */
  readonly requiredKey: string | undefined;
  /** Relay proposed to hosts, `host:port`; empty leaves it to the host. */
  readonly relayServer: string;
  readonly limits: { readonly devices: number; readonly waitingViewers: number };
}

/** IDs one online question may name. */
const MAX_ONLINE_QUESTION = 1000;

/**
 * The ID server's side of every conversation: who is where, who wants to meet whom.
 * Facts come with the question: `known` is the stored record of the ID that `idOf(message)` names.
 * Source: docs/protocol/rendezvous.md, section 4.
 */
export class Broker {
  readonly #presence: Presence;
  readonly #calls: Calls;
  readonly #registrar = new KeyRegistrar();

  constructor(options: BrokerOptions) {
    this.#presence = new Presence(options.limits.devices);
    this.#calls = new Calls(options, this.#presence);
  }

  /** The ID whose stored record `handle` wants to see, if any. */
  static idOf(message: ServerMessage): string | undefined {
    return message.case === "registerPk" || message.case === "punchHoleRequest" ? message.value.id : undefined;
  }

  handle(message: ServerMessage, from: Sender, known: DeviceRecord | undefined, now: Millis): readonly BrokerEffect[] {
    if (from.type === "datagram") return this.#datagram(message, from.endpoint, known, now);
    const { connection, endpoint, relayOnly = false } = from;
    return this.#stream(message, { connection, endpoint, relayOnly }, known, now);
  }

  #datagram(
    message: ServerMessage,
    from: Endpoint,
    known: DeviceRecord | undefined,
    now: Millis,
  ): readonly BrokerEffect[] {
    switch (message.case) {
      case "registerPeer":
        return this.#alive(message.value, from, now);
      case "registerPk":
        return this.#register(message.value, from, known, now);
      case "punchHoleSent":
        return this.#calls.punched(message.value, from, true, now);
      default:
        return [];
    }
  }

  #stream(message: ServerMessage, from: Caller, known: DeviceRecord | undefined, now: Millis): readonly BrokerEffect[] {
    const { connection, endpoint } = from;
    switch (message.case) {
      case "punchHoleRequest":
        return this.#calls.wanted(message.value, from, known, now);
      case "requestRelay":
        return this.#calls.relayWanted(message.value, from, now);
      case "relayResponse":
        return [...this.#calls.relayAnswered(message.value, endpoint, now), { type: "close", connection }];
      case "punchHoleSent":
        return [...this.#calls.punched(message.value, endpoint, false, now), { type: "close", connection }];
      case "localAddr":
        return [...this.#calls.listensLocally(message.value, endpoint, now), { type: "close", connection }];
      case "testNatRequest":
        return answer(connection, { case: "testNatResponse", value: { port: endpoint.port } });
      case "onlineRequest":
        return answer(connection, { case: "onlineResponse", value: { states: this.#online(message.value, now) } });
      case "registerPk":
        return answer(connection, { case: "registerPkResponse", value: { result: Result.NOT_SUPPORT } });
      case undefined:
        return [];
      default:
        return [{ type: "close", connection }];
    }
  }

  #alive({ id }: RegisterPeer, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    if (id === "") return [];
    const present = this.#presence.get(id);
    const trusted = present !== undefined && (present.endpoint.host === from.host || isLoopback(from.host));
    if (trusted) this.#presence.heard(present.record, from, now);
    return [
      { type: "sendDatagram", to: from, message: { case: "registerPeerResponse", value: { requestPk: !trusted } } },
    ];
  }

  #register(
    request: RegisterPk,
    from: Endpoint,
    known: DeviceRecord | undefined,
    now: Millis,
  ): readonly BrokerEffect[] {
    const verdict = this.#registrar.judge(request, from, this.#presence.get(request.id)?.record ?? known, now);
    if (verdict.type === "ignored") return [];
    const result = verdict.type === "accepted" ? Result.OK : verdict.result;
    const reply: BrokerEffect = {
      type: "sendDatagram",
      to: from,
      message: { case: "registerPkResponse", value: { result } },
    };
    if (verdict.type !== "accepted") return [reply];
    // At once, where stock waits for the next RegisterPeer: the sender has just shown uuid and key.
    this.#presence.heard(verdict.record, from, now);
    return verdict.changed ? [{ type: "remember", record: verdict.record }, reply] : [reply];
  }

  /** Most significant bit first (section 2.2). */
  #online({ peers }: OnlineRequest, now: Millis): Uint8Array {
    const asked = peers.slice(0, MAX_ONLINE_QUESTION);
    const states = new Uint8Array(Math.ceil(asked.length / 8));
    asked.forEach((id, i) => {
      if (this.#presence.online(id, now) !== undefined) states[i >> 3] = (states[i >> 3] as number) | (0x80 >> (i & 7));
    });
    return states;
  }
}

/** One answer, then the end: what stock servers do with everything but introductions. */
function answer(connection: number, message: ServerMessageInit): readonly BrokerEffect[] {
  return [
    { type: "send", connection, message },
    { type: "close", connection },
  ];
}
