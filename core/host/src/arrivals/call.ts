import type { Link } from "@pulpit/link";
import {
  formatServerAddress,
  type HostFacts,
  type Invitation,
  meet,
  type Plan,
  parseServerAddress,
  RELAY_PORT,
  type ServerAddress,
} from "@pulpit/protocol";
import { encodeServerMessage, encodeSocketAddress, type ServerMessageInit, type SocketAddress } from "@pulpit/wire";
import type { HostOptions, HostWorld } from "../options.ts";
import { WIRE_VERSION } from "../peer-info.ts";
import { idServerTarget, portsOf } from "../server-connection.ts";

/** What the ID server is told beside the way itself. */
export interface Extras {
  /** Own WebRTC endpoint; empty: declined, or not asked for. */
  readonly webrtc: string;
  /** Own public IPv6 socket that waits for the viewer. */
  readonly ipv6: SocketAddress | undefined;
}

/** One call of the ID server, and what its answers are made of. */
export class Call {
  readonly invitation: Invitation;
  readonly plan: Plan;
  readonly givesTickets: boolean;
  readonly #options: HostOptions;
  readonly #world: HostWorld;
  readonly #proposed: readonly ServerAddress[];

  /** `proposed`: relays that the ID server has named. */
  constructor(
    invitation: Invitation,
    plan: Plan,
    givesTickets: boolean,
    host: { readonly options: HostOptions; readonly world: HostWorld },
    proposed: readonly ServerAddress[],
  ) {
    this.invitation = invitation;
    this.plan = plan;
    this.givesTickets = givesTickets;
    this.#options = host.options;
    this.#world = host.world;
    this.#proposed = proposed;
  }

  get facts(): HostFacts {
    const { id, idServer, relayServer } = this.#options;
    const relay = relayServer === undefined ? undefined : parseServerAddress(relayServer, RELAY_PORT);
    return {
      id,
      version: WIRE_VERSION,
      idServer: portsOf(idServer),
      relayServer: relay,
      proposed: this.#proposed,
      givesTickets: this.givesTickets,
    };
  }

  /** The viewer may come to where the ID server sees this host (docs/protocol/rendezvous.md, section 4.10). */
  punchHoleSent({ webrtc, ipv6 }: Extras): Uint8Array {
    const value = { ...this.#common(ipv6), webrtcSdpAnswer: webrtc };
    return encodeServerMessage({ case: "punchHoleSent", value });
  }

  /** … or to this address of its own network (section 4.10.1). */
  localAddr(local: SocketAddress, { ipv6 }: Extras): Uint8Array {
    const value = { ...this.#common(ipv6), localAddr: encodeSocketAddress(local, this.#salt()) };
    return encodeServerMessage({ case: "localAddr", value });
  }

  /** A short connection to the ID server, for one message. */
  async tell(message: Uint8Array, signal: AbortSignal): Promise<void> {
    const server = await this.server(signal);
    try {
      await server.send(message);
    } finally {
      void server.close();
    }
  }

  server(signal: AbortSignal): Promise<Link> {
    return this.#world.dial(idServerTarget(this.#options.idServer), { route: "server", signal });
  }

  /** The relay to fall back to is the one that a meeting there would take. */
  #common(ipv6: SocketAddress | undefined): {
    readonly socketAddr: Uint8Array;
    readonly id: string;
    readonly relayServer: string;
    readonly version: string;
    readonly socketAddrV6: Uint8Array;
  } {
    const { facts, invitation } = this;
    const meeting = meet(invitation, facts, "");
    const relayServer = meeting.type === "relay" ? formatServerAddress(meeting.relay) : "";
    const { socketAddr } = invitation.value;
    return { socketAddr, id: facts.id, relayServer, version: facts.version, socketAddrV6: this.addressBytes(ipv6) };
  }

  addressBytes(address: SocketAddress | undefined): Uint8Array {
    return address === undefined ? new Uint8Array(0) : encodeSocketAddress(address, this.#salt());
  }

  #salt(): number {
    return new DataView(this.#world.random.bytes(4).slice().buffer).getUint32(0);
  }
}

/** The reply of a meeting on the relay, with whatever else the host can be reached by. */
export function withExtras(reply: ServerMessageInit, { webrtc, ipv6 }: Extras, call: Call): Uint8Array {
  if (reply.case !== "relayResponse") return encodeServerMessage(reply);
  const value = { ...reply.value, webrtcSdpAnswer: webrtc, socketAddrV6: call.addressBytes(ipv6) };
  return encodeServerMessage({ case: "relayResponse", value });
}
