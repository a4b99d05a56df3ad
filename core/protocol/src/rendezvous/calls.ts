import {
  ConnType,
  decodeSocketAddress,
  encodeSocketAddress,
  PunchHoleResponse_Failure as Failure,
  type LocalAddr,
  NatType,
  type PunchHoleRequest,
  type PunchHoleResponse,
  type PunchHoleSent,
  type RelayResponse,
  type RequestRelay,
} from "@pulpit/wire";
import { signIdentity } from "../crypto/identity.ts";
import { Extension } from "../extensions.ts";
import type { Millis } from "../machine.ts";
import { sessionKeyOf } from "../webrtc/endpoint.ts";
import { type BrokerEffect, toHost } from "./broker-effects.ts";
import type { BrokerOptions } from "./broker-options.ts";
import { Budget } from "./budget.ts";
import { type Endpoint, sameMachine } from "./device.ts";
import type { Presence, Present } from "./presence.ts";
import { RelayChoice } from "./relay-list.ts";
import type { WaitingViewer, WaitingViewers } from "./waiting-viewers.ts";

/** A viewer on its connection to the ID server. */
export interface Caller {
  readonly connection: number;
  readonly endpoint: Endpoint;
  /** It is on a WebSocket: nobody can reach it but through a relay. */
  readonly relayOnly: boolean;
}

/** A host's answer that was taken: who waits for it, and the host as it registered. */
interface Answered {
  readonly viewer: WaitingViewer;
  readonly host: Present;
}

/** Calls of one address in a minute; each makes a host do something, and tells whether an ID is online. */
const CALLS_PER_MINUTE = 120;
const FOREIGN_RELAY = "The relay is not one of this server's";
const DRAINING = "The server is about to restart; try again in a minute";
const TOO_MANY = "Too many calls from this address; wait a minute";

/** Who wants to meet whom: the ID server's part in introductions. Source: docs/protocol/rendezvous.md, sections 4.10 to 4.13. */
export class Calls {
  readonly #options: BrokerOptions;
  readonly #presence: Presence;
  readonly #waiting: WaitingViewers;
  readonly #relays: RelayChoice;
  #draining = false;
  readonly #budget = new Budget(CALLS_PER_MINUTE, 60_000);

  constructor(options: BrokerOptions, presence: Presence, waiting: WaitingViewers) {
    this.#options = options;
    this.#presence = presence;
    this.#waiting = waiting;
    this.#relays = new RelayChoice(options.relays, options.foreignRelays);
  }

  /** Nobody is introduced any more. */
  drain(): void {
    this.#draining = true;
  }

  /** A viewer asks for a host. */
  wanted(request: PunchHoleRequest, from: Caller, now: Millis): readonly BrokerEffect[] {
    const { requiredKey } = this.#options;
    const failed = (failure: Failure): readonly BrokerEffect[] => [answerFailed(from.connection, { failure })];
    if (requiredKey !== undefined && request.licenceKey !== requiredKey) return failed(Failure.LICENSE_MISMATCH);
    if (this.#draining) return [answerFailed(from.connection, { otherFailure: DRAINING })];
    if (!this.#budget.spend(from.endpoint.host, now))
      return [answerFailed(from.connection, { otherFailure: TOO_MANY })];
    const record = this.#options.directory.get(request.id);
    const host = record && this.#presence.online(request.id, now);
    if (record === undefined || host === undefined) {
      const hidden = record !== undefined || this.#options.hideUnknown;
      return failed(hidden ? Failure.OFFLINE : Failure.ID_NOT_EXIST);
    }
    const forceRelay = this.#options.alwaysRelay || request.forceRelay || from.relayOnly;
    // Its offer would let the host connect directly whatever is forced (docs/protocol/webrtc.md, section 6).
    const webrtcSdpOffer = this.#options.alwaysRelay ? "" : request.webrtcSdpOffer;
    const { connection } = from;
    const sessionKey = sessionKeyOf(webrtcSdpOffer);
    const waiting = { connection, hostId: host.id, hostKey: record.publicKey, sessionKey, uuid: "" };
    this.#waiting.add(from.endpoint, waiting, now);
    const socketAddr = encodeSocketAddress(from.endpoint, now);
    const relayServer = this.#relays.proposal();
    // A stock viewer's tunnel dies over UDP right after its login (docs/protocol/wire.md, section 5.6).
    const tunnel = request.connType === ConnType.PORT_FORWARD || request.connType === ConnType.RDP;
    const v6 = tunnel ? {} : { socketAddrV6: request.socketAddrV6 };
    // Behind one address both are likely to be in one network, and meet there.
    if (!forceRelay && webrtcSdpOffer === "" && from.endpoint.host === host.endpoint.host) {
      return [toHost(host, { case: "fetchLocalAddr", value: { socketAddr, relayServer, ...v6 } })];
    }
    const direct = this.#options.alwaysRelay || tunnel ? {} : { udpPort: request.udpPort, ...v6 };
    const value = {
      socketAddr,
      // Stock hosts know the wish for a relay by this (section 4.16).
      natType: forceRelay ? NatType.SYMMETRIC : request.natType,
      forceRelay,
      relayServer,
      upnpPort: request.upnpPort,
      webrtcSdpOffer,
      ...direct,
    };
    return [toHost(host, { case: "punchHole", value })];
  }

  /** A viewer wants a host to come to a relay. */
  relayWanted(request: RequestRelay, from: Caller, now: Millis): readonly BrokerEffect[] {
    const { requiredKey, directory } = this.#options;
    const { connection, endpoint } = from;
    // Stock viewers leave the key out here; when they show one it has to be right (chapter 9, row 6).
    const wrongKey = requiredKey !== undefined && request.licenceKey !== "" && request.licenceKey !== requiredKey;
    if (wrongKey || !this.#budget.spend(endpoint.host, now)) return [{ type: "close", connection }];
    if (this.#draining) return [refusal(connection, DRAINING)];
    const record = directory.get(request.id);
    const host = record && this.#presence.online(request.id, now);
    if (record === undefined || host === undefined) return [];
    const relayServer = this.#relays.namedByViewer(host.id, request.relayServer);
    if (relayServer === undefined) {
      return [refusal(connection, FOREIGN_RELAY)];
    }
    const { uuid } = request;
    const waiting = { connection, hostId: host.id, hostKey: record.publicKey, sessionKey: "", uuid };
    this.#waiting.add(endpoint, waiting, now);
    const { id, secure, switchCode } = request;
    const socketAddr = encodeSocketAddress(endpoint, now);
    const relayTicket = this.#options.ticketFor(uuid);
    // Field by field: what only a server may say, such as permissions, a viewer can't say through us.
    const value = { id, uuid, secure, switchCode, relayServer, socketAddr, relayTicket };
    return [toHost(host, { case: "requestRelay", value })];
  }

  /** A host has gone to the relay, or will not. */
  relayAnswered(
    response: RelayResponse,
    { connection: hosts, endpoint: from }: Caller,
    now: Millis,
  ): readonly BrokerEffect[] {
    const id = response.union.case === "id" ? response.union.value : "";
    const taken = this.#take(response.socketAddr, id, from, now);
    if (taken === undefined) return [];
    const { connection, uuid } = taken.viewer;
    // Without a uuid it goes where the viewer said, which was looked at before.
    const began = response.uuid !== "";
    const relayServer = began ? this.#relays.namedByHost(taken.viewer.hostId, response.relayServer) : "";
    if (relayServer === undefined) return [answerFailed(connection, { otherFailure: FOREIGN_RELAY })];
    const pk = this.#vouch(taken.viewer, response.version);
    const union = { case: "pk" as const, value: pk };
    const relayTicket = this.#options.ticketFor(began ? response.uuid : uuid);
    const { refuseReason, version, socketAddrV6, upnpPort, webrtcSdpAnswer } = response;
    const value = { uuid: response.uuid, relayServer, union, refuseReason, version, socketAddrV6, upnpPort };
    const answer: BrokerEffect = {
      type: "send",
      connection,
      message: { case: "relayResponse", value: { ...value, webrtcSdpAnswer, relayTicket } },
    };
    // A stock host never reads what is sent to it here.
    if (!began || !response.extensions.includes(Extension.ticket)) return [answer];
    const own = { uuid: response.uuid, relayTicket };
    return [answer, { type: "send", connection: hosts, message: { case: "relayResponse", value: own } }];
  }

  /** A host has opened its NAT and waits to be dialled at the address this came from. */
  punched(sent: PunchHoleSent, from: Endpoint, isUdp: boolean, now: Millis): readonly BrokerEffect[] {
    const taken = this.#take(sent.socketAddr, sent.id, from, now);
    if (taken === undefined) return [];
    return this.#reachable(taken, sent, {
      socketAddr: encodeSocketAddress(from, now),
      union: { case: "natType", value: sent.natType },
      isUdp,
      upnpPort: sent.upnpPort,
      webrtcSdpAnswer: sent.webrtcSdpAnswer,
    });
  }

  /** A host waits to be dialled inside the network it shares with the viewer. */
  listensLocally(answer: LocalAddr, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const { port } = decodeSocketAddress(answer.localAddr);
    const taken = port === 0 ? undefined : this.#take(answer.socketAddr, answer.id, from, now);
    if (taken === undefined) return [];
    return this.#reachable(taken, answer, { socketAddr: answer.localAddr, union: { case: "isLocal", value: true } });
  }

  /**
   * The viewer an answer is for: only the host that was asked may give it, and only once (chapter 9, row 4).
   * `id`: whom the answer claims to come from; empty for no claim.
   */
  #take(socketAddr: Uint8Array, id: string, from: Endpoint, now: Millis): Answered | undefined {
    const handle = decodeSocketAddress(socketAddr);
    const viewer = this.#waiting.get(handle, now);
    const host = viewer === undefined ? undefined : this.#presence.get(viewer.hostId);
    if (viewer === undefined || host === undefined) return undefined;
    if (!this.#options.answersFromAnywhere && !sameMachine(host.endpoint.host, from.host)) return undefined;
    if (id !== "" && id !== viewer.hostId) return undefined;
    this.#waiting.answered(handle, now);
    return { viewer, host };
  }

  /** Always on the viewer's own connection, never to an address that somebody named (chapter 9, row 17). */
  #reachable(
    { viewer }: Answered,
    answer: PunchHoleSent | LocalAddr,
    where: Pick<PunchHoleResponse, "socketAddr" | "union"> &
      Partial<Pick<PunchHoleResponse, "isUdp" | "upnpPort" | "webrtcSdpAnswer">>,
  ): readonly BrokerEffect[] {
    const value = {
      ...where,
      pk: this.#vouch(viewer, answer.version),
      relayServer: this.#relays.namedByHost(viewer.hostId, answer.relayServer) ?? this.#relays.proposal(),
      socketAddrV6: answer.socketAddrV6,
    };
    return [{ type: "send", connection: viewer.connection, message: { case: "punchHoleResponse", value } }];
  }

  /** The host's key, signed; nothing for hosts so old that they say no version (docs/protocol/handshake.md, section 3). */
  #vouch({ hostId, hostKey }: WaitingViewer, version: string): Uint8Array {
    if (version === "") return new Uint8Array(0);
    const { crypto, secretKey } = this.#options;
    return signIdentity(crypto, { id: hostId, key: hostKey }, secretKey);
  }
}

function answerFailed(connection: number, value: { failure?: Failure; otherFailure?: string }): BrokerEffect {
  return { type: "send", connection, message: { case: "punchHoleResponse", value } };
}

function refusal(connection: number, refuseReason: string): BrokerEffect {
  return { type: "send", connection, message: { case: "relayResponse", value: { refuseReason } } };
}
