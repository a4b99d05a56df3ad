import {
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
import type { Millis } from "../machine.ts";
import type { BrokerEffect, BrokerOptions } from "./broker.ts";
import { type DeviceRecord, type Endpoint, isLoopback } from "./device.ts";
import type { Presence, Present } from "./presence.ts";
import { type WaitingViewer, WaitingViewers } from "./waiting-viewers.ts";

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

/** Who wants to meet whom: the ID server's part in introductions. Source: docs/protocol/rendezvous.md, sections 4.10 to 4.13. */
export class Calls {
  readonly #options: BrokerOptions;
  readonly #presence: Presence;
  readonly #waiting: WaitingViewers;

  constructor(options: BrokerOptions, presence: Presence) {
    this.#options = options;
    this.#presence = presence;
    this.#waiting = new WaitingViewers(options.limits.waitingViewers);
  }

  /** A viewer asks for a host. `known`: the stored record of that ID. */
  wanted(
    request: PunchHoleRequest,
    from: Caller,
    known: DeviceRecord | undefined,
    now: Millis,
  ): readonly BrokerEffect[] {
    const { requiredKey, relayServer } = this.#options;
    if (requiredKey !== undefined && request.licenceKey !== requiredKey) {
      return [failure(from.connection, Failure.LICENSE_MISMATCH)];
    }
    const host = this.#presence.online(request.id, now);
    if (host === undefined) {
      const exists = known !== undefined || this.#presence.get(request.id) !== undefined;
      return [failure(from.connection, exists ? Failure.OFFLINE : Failure.ID_NOT_EXIST)];
    }
    this.#waiting.add(from.endpoint, { connection: from.connection, hostId: request.id }, now);
    const socketAddr = encodeSocketAddress(from.endpoint, now);
    const { socketAddrV6 } = request;
    const forceRelay = request.forceRelay || from.relayOnly;
    // Behind one address both are likely to be in one network, and meet there.
    if (!forceRelay && from.endpoint.host === host.endpoint.host) {
      const value = { socketAddr, relayServer, socketAddrV6 };
      return [{ type: "sendDatagram", to: host.endpoint, message: { case: "fetchLocalAddr", value } }];
    }
    const value = {
      socketAddr,
      // Stock hosts know the wish for a relay by this (section 4.16).
      natType: forceRelay ? NatType.SYMMETRIC : request.natType,
      forceRelay,
      relayServer,
      udpPort: request.udpPort,
      upnpPort: request.upnpPort,
      socketAddrV6,
      webrtcSdpOffer: request.webrtcSdpOffer,
    };
    return [{ type: "sendDatagram", to: host.endpoint, message: { case: "punchHole", value } }];
  }

  /** A viewer wants a host to come to a relay. */
  relayWanted(request: RequestRelay, from: Caller, now: Millis): readonly BrokerEffect[] {
    const { requiredKey } = this.#options;
    // Stock viewers leave the key out here; when they show one it has to be right (chapter 9, row 6).
    if (requiredKey !== undefined && request.licenceKey !== "" && request.licenceKey !== requiredKey) {
      return [{ type: "close", connection: from.connection }];
    }
    const host = this.#presence.online(request.id, now);
    if (host === undefined) return [];
    this.#waiting.add(from.endpoint, { connection: from.connection, hostId: request.id }, now);
    const value = { ...request, socketAddr: encodeSocketAddress(from.endpoint, now) };
    return [{ type: "sendDatagram", to: host.endpoint, message: { case: "requestRelay", value } }];
  }

  /** A host has gone to the relay, or will not. */
  relayAnswered(response: RelayResponse, from: Endpoint, now: Millis): readonly BrokerEffect[] {
    const id = response.union.case === "id" ? response.union.value : "";
    const taken = this.#take(response.socketAddr, id, from, now);
    if (taken === undefined) return [];
    const pk = this.#vouch(taken.host, response.version);
    const value = { ...response, socketAddr: new Uint8Array(0), union: { case: "pk" as const, value: pk } };
    return [{ type: "send", connection: taken.viewer.connection, message: { case: "relayResponse", value } }];
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
    return this.#reachable(taken, answer, {
      socketAddr: answer.localAddr,
      union: { case: "isLocal", value: true },
    });
  }

  /**
   * The viewer an answer is for: only the host that was asked may give it, and only once (chapter 9, row 4).
   * `id`: whom the answer claims to come from; empty for no claim.
   */
  #take(socketAddr: Uint8Array, id: string, from: Endpoint, now: Millis): Answered | undefined {
    const handle = decodeSocketAddress(socketAddr);
    const viewer = this.#waiting.get(handle, now);
    const host = viewer === undefined ? undefined : this.#presence.get(viewer.hostId);
    if (viewer === undefined || host === undefined || !sameMachine(host.endpoint.host, from.host)) return undefined;
    if (id !== "" && id !== viewer.hostId) return undefined;
    this.#waiting.remove(handle);
    return { viewer, host };
  }

  /** Always on the viewer's own connection, never to an address that somebody named (chapter 9, row 17). */
  #reachable(
    { viewer, host }: Answered,
    answer: PunchHoleSent | LocalAddr,
    where: Pick<PunchHoleResponse, "socketAddr" | "union"> &
      Partial<Pick<PunchHoleResponse, "isUdp" | "upnpPort" | "webrtcSdpAnswer">>,
  ): readonly BrokerEffect[] {
    const value = {
      ...where,
      pk: this.#vouch(host, answer.version),
      relayServer: answer.relayServer === "" ? this.#options.relayServer : answer.relayServer,
      socketAddrV6: answer.socketAddrV6,
    };
    return [{ type: "send", connection: viewer.connection, message: { case: "punchHoleResponse", value } }];
  }

  /** The host's key, signed; nothing for hosts so old that they say no version (docs/protocol/handshake.md, section 3). */
  #vouch({ record }: Present, version: string): Uint8Array {
    if (version === "") return new Uint8Array(0);
    const { crypto, secretKey } = this.#options;
    return signIdentity(crypto, { id: record.id, key: record.publicKey }, secretKey);
  }
}

function failure(connection: number, reason: Failure): BrokerEffect {
  return { type: "send", connection, message: { case: "punchHoleResponse", value: { failure: reason } } };
}

/** A host on the server's own machine may register by one local address and answer by another. */
function sameMachine(registered: string, answering: string): boolean {
  return registered === answering || (isLoopback(registered) && isLoopback(answering));
}
