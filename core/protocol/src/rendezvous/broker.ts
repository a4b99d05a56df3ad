import {
  decodeSocketAddress,
  encodeSocketAddress,
  PunchHoleResponse_Failure as Failure,
  NatType,
  type OnlineRequest,
  type PunchHoleRequest,
  type RegisterPeer,
  type RegisterPk,
  type RelayResponse,
  type RequestRelay,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { Crypto } from "../crypto/crypto.ts";
import { signIdentity } from "../crypto/identity.ts";
import type { Millis } from "../machine.ts";
import type { DeviceRecord, Endpoint } from "./device.ts";
import { KeyRegistrar } from "./key-registration.ts";
import { Presence, type Present } from "./presence.ts";
import { WaitingViewers } from "./waiting-viewers.ts";

/** Who speaks to the server. A WebSocket viewer's endpoint carries a port made up for it alone (section 4.10). */
export type Sender =
  | { readonly type: "datagram"; readonly endpoint: Endpoint }
  | { readonly type: "stream"; readonly connection: number; readonly endpoint: Endpoint };

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
  readonly #options: BrokerOptions;
  readonly #presence: Presence;
  readonly #waiting: WaitingViewers;
  readonly #registrar = new KeyRegistrar();

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#presence = new Presence(options.limits.devices);
    this.#waiting = new WaitingViewers(options.limits.waitingViewers);
  }

  /** The ID whose stored record `handle` wants to see, if any. */
  static idOf(message: ServerMessage): string | undefined {
    return message.case === "registerPk" || message.case === "punchHoleRequest" ? message.value.id : undefined;
  }

  handle(message: ServerMessage, from: Sender, known: DeviceRecord | undefined, now: Millis): readonly BrokerEffect[] {
    if (from.type === "datagram") return this.#datagram(message, from.endpoint, known, now);
    return this.#stream(message, from.connection, from.endpoint, known, now);
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
      default:
        return [];
    }
  }

  #stream(
    message: ServerMessage,
    connection: number,
    from: Endpoint,
    known: DeviceRecord | undefined,
    now: Millis,
  ): readonly BrokerEffect[] {
    switch (message.case) {
      case "punchHoleRequest":
        return this.#wanted(message.value, connection, from, known, now);
      case "requestRelay":
        return this.#relayWanted(message.value, connection, from, now);
      case "relayResponse":
        return [...this.#relayAnswered(message.value, from, now), { type: "close", connection }];
      case "testNatRequest":
        return answer(connection, { case: "testNatResponse", value: { port: from.port } });
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

  #wanted(
    request: PunchHoleRequest,
    connection: number,
    from: Endpoint,
    known: DeviceRecord | undefined,
    now: Millis,
  ): readonly BrokerEffect[] {
    const { requiredKey, relayServer } = this.#options;
    if (requiredKey !== undefined && request.licenceKey !== requiredKey) {
      return [failure(connection, Failure.LICENSE_MISMATCH)];
    }
    const host = this.#presence.online(request.id, now);
    if (host === undefined) {
      const exists = known !== undefined || this.#presence.get(request.id) !== undefined;
      return [failure(connection, exists ? Failure.OFFLINE : Failure.ID_NOT_EXIST)];
    }
    this.#waiting.add(from, { connection, hostId: request.id }, now);
    const value = {
      socketAddr: encodeSocketAddress(from, now),
      natType: request.forceRelay ? NatType.SYMMETRIC : request.natType,
      forceRelay: request.forceRelay,
      relayServer,
      udpPort: request.udpPort,
      socketAddrV6: request.socketAddrV6,
      webrtcSdpOffer: request.webrtcSdpOffer,
    };
    return [{ type: "sendDatagram", to: host.endpoint, message: { case: "punchHole", value } }];
  }

  #relayWanted(request: RequestRelay, connection: number, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const { requiredKey } = this.#options;
    // Stock viewers leave the key out here; when they show one it has to be right (chapter 9, row 6).
    if (requiredKey !== undefined && request.licenceKey !== "" && request.licenceKey !== requiredKey) {
      return [{ type: "close", connection }];
    }
    const host = this.#presence.online(request.id, now);
    if (host === undefined) return [];
    this.#waiting.add(from, { connection, hostId: request.id }, now);
    const value = { ...request, socketAddr: encodeSocketAddress(from, now) };
    return [{ type: "sendDatagram", to: host.endpoint, message: { case: "requestRelay", value } }];
  }

  #relayAnswered(response: RelayResponse, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const handle = decodeSocketAddress(response.socketAddr);
    const viewer = this.#waiting.get(handle, now);
    const host = viewer === undefined ? undefined : this.#presence.get(viewer.hostId);
    // Only the host that was asked may answer, and only once (chapter 9, row 4).
    if (viewer === undefined || host === undefined || !sameMachine(host.endpoint.host, from.host)) return [];
    if (response.union.case === "id" && response.union.value !== viewer.hostId) return [];
    this.#waiting.remove(handle);
    const pk = response.version === "" ? new Uint8Array(0) : this.#vouch(host);
    const value = { ...response, socketAddr: new Uint8Array(0), union: { case: "pk" as const, value: pk } };
    return [{ type: "send", connection: viewer.connection, message: { case: "relayResponse", value } }];
  }

  #vouch({ record }: Present): Uint8Array {
    return signIdentity(this.#options.crypto, { id: record.id, key: record.publicKey }, this.#options.secretKey);
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

function failure(connection: number, reason: Failure): BrokerEffect {
  return { type: "send", connection, message: { case: "punchHoleResponse", value: { failure: reason } } };
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}

/** A host on the server's own machine may register by one local address and answer by another. */
function sameMachine(registered: string, answering: string): boolean {
  return registered === answering || (isLoopback(registered) && isLoopback(answering));
}
