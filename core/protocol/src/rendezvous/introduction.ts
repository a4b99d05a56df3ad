import {
  ConnType,
  decodeSocketAddress,
  encodeSocketAddress,
  PunchHoleResponse_Failure as Failure,
  NatType,
  type PunchHoleResponse,
  type RelayResponse,
  type ServerMessage,
  type ServerMessageInit,
  type SocketAddress,
} from "@pulpit/wire";
import type { Machine, Millis } from "../machine.ts";

/** How long each of the three requests waits, ms (docs/protocol/rendezvous.md, section 4.9, step 6). */
const WAITS: readonly number[] = [3000, 6000, 9000];

export type IntroductionInput =
  | { readonly type: "start" }
  | { readonly type: "received"; readonly message: ServerMessage }
  | { readonly type: "timeout" };

/** What the ID server answered. */
export type IntroductionOutcome =
  /** The host comes to the relay on its own account. `signedKey`: its key by the server's word; may be empty. */
  | {
      readonly type: "relay";
      readonly uuid: string;
      readonly relayServer: string;
      readonly signedKey: Uint8Array;
      /** For relays that want one; empty from servers that give none. */
      readonly ticket: Uint8Array;
      readonly ways: HostWays;
    }
  /** The host waits to be dialled or to be asked to a relay (RelayRequest). */
  | {
      readonly type: "direct";
      readonly relayServer: string;
      readonly signedKey: Uint8Array;
      /** Where the host can be reached, as the ID server saw it or, when `local`, as it says itself. */
      readonly address: SocketAddress;
      readonly transport: "tcp" | "udp";
      readonly local: boolean;
      readonly ways: HostWays;
    }
  | { readonly type: "not-found" | "offline" | "wrong-key" | "no-answer" }
  /** `text`: the server's own words. */
  | { readonly type: "refused"; readonly text: string };

/** Further ways to the host that came with an answer. */
export interface HostWays {
  /** Where the host's IPv6 socket waits; undefined when it has none. */
  readonly ipv6: SocketAddress | undefined;
  /** Its WebRTC endpoint; empty when it declined. */
  readonly webrtc: string;
}

/** Ways this viewer has beside the relay. */
export interface ViewerWays {
  /** Nothing but the relay, on purpose. */
  readonly relayOnly: boolean;
  /** Port of the UDP socket that punches, as the ID server saw it; 0: none. */
  readonly udpPort: number;
  /** Public IPv6 address of the socket that punches. */
  readonly ipv6?: SocketAddress;
  /** Own WebRTC endpoint; empty: none. */
  readonly webrtc: string;
  /** It can dial the host by TCP, from the port it calls the ID server from. */
  readonly tcp: boolean;
}

export type IntroductionEffect =
  | { readonly type: "send"; readonly message: ServerMessageInit }
  | { readonly type: "finish"; readonly outcome: IntroductionOutcome };

export interface IntroductionOptions {
  readonly hostId: string;
  /** Public key of the ID server as text; it compares it with its own. */
  readonly licenceKey: string;
  readonly version: string;
  /** By default there is no other way than the relay. */
  readonly ways?: ViewerWays;
}

const RELAY_ONLY: ViewerWays = { relayOnly: true, udpPort: 0, webrtc: "", tcp: false };

/** The viewer's end: asks the ID server for a host. Source: docs/protocol/rendezvous.md, sections 4.9 and 4.10. */
export class Introduction implements Machine<IntroductionInput, IntroductionEffect> {
  readonly #options: IntroductionOptions;
  #attempt = 0;
  #deadline: Millis | undefined;

  constructor(options: IntroductionOptions) {
    this.#options = options;
  }

  get deadline(): Millis | undefined {
    return this.#deadline;
  }

  handle(input: IntroductionInput, now: Millis): readonly IntroductionEffect[] {
    switch (input.type) {
      case "start":
      case "timeout":
        return this.#ask(now);
      case "received":
        return this.#answered(input.message);
    }
  }

  #ask(now: Millis): readonly IntroductionEffect[] {
    const wait = WAITS[this.#attempt++];
    if (wait === undefined) return [{ type: "finish", outcome: { type: "no-answer" } }];
    this.#deadline = now + wait;
    const { hostId, licenceKey, version, ways = RELAY_ONLY } = this.#options;
    // A viewer that has neither TCP nor UDP over IPv4 can only be met on a relay: SYMMETRIC says so, and leaves room for
    // IPv6. With one it never says SYMMETRIC, whatever its router does: hosts would not even try.
    const relay = ways.relayOnly || (!ways.tcp && ways.udpPort === 0);
    const forceRelay = ways.relayOnly || (relay && ways.ipv6 === undefined);
    const value = {
      id: hostId,
      licenceKey,
      version,
      natType: relay ? NatType.SYMMETRIC : NatType.UNKNOWN_NAT,
      forceRelay,
      connType: ConnType.DEFAULT_CONN,
      udpPort: ways.udpPort,
      socketAddrV6: ways.ipv6 === undefined ? new Uint8Array(0) : encodeSocketAddress(ways.ipv6, 0),
      webrtcSdpOffer: ways.webrtc,
    };
    return [{ type: "send", message: { case: "punchHoleRequest", value } }];
  }

  #answered(message: ServerMessage): readonly IntroductionEffect[] {
    switch (message.case) {
      case "punchHoleResponse":
        return [{ type: "finish", outcome: punchOutcome(message.value) }];
      case "relayResponse":
        return [{ type: "finish", outcome: relayOutcome(message.value) }];
      default:
        return [];
    }
  }
}

function punchOutcome(response: PunchHoleResponse): IntroductionOutcome {
  if (response.otherFailure !== "") return { type: "refused", text: response.otherFailure };
  if (response.socketAddr.length > 0) {
    const { relayServer, pk: signedKey, isUdp, socketAddr, union } = response;
    return {
      type: "direct",
      relayServer,
      signedKey,
      address: decodeSocketAddress(socketAddr),
      transport: isUdp ? "udp" : "tcp",
      local: union.case === "isLocal" && union.value,
      ways: waysOf(response),
    };
  }
  switch (response.failure) {
    case Failure.ID_NOT_EXIST:
      return { type: "not-found" };
    case Failure.OFFLINE:
      return { type: "offline" };
    case Failure.LICENSE_MISMATCH:
      return { type: "wrong-key" };
    default:
      return { type: "refused", text: "" };
  }
}

function relayOutcome(response: RelayResponse): IntroductionOutcome {
  if (response.refuseReason !== "") return { type: "refused", text: response.refuseReason };
  const signedKey = response.union.case === "pk" ? response.union.value : new Uint8Array(0);
  const { uuid, relayServer, relayTicket: ticket } = response;
  return { type: "relay", uuid, relayServer, signedKey, ticket, ways: waysOf(response) };
}

function waysOf({ socketAddrV6, webrtcSdpAnswer }: PunchHoleResponse | RelayResponse): HostWays {
  const ipv6 = decodeSocketAddress(socketAddrV6);
  return { ipv6: ipv6.port === 0 || !ipv6.host.includes(":") ? undefined : ipv6, webrtc: webrtcSdpAnswer };
}
