import { decodeSocketAddress, NatType, type ServerMessageInit, type SocketAddress } from "@pulpit/wire";
import { Extension } from "../extensions.ts";
import type { Invitation } from "./registration.ts";
import { formatServerAddress, parseServerAddress, RELAY_PORT, type ServerAddress } from "./server-address.ts";

/** What a host knows about itself when it is called. */
export interface HostFacts {
  readonly id: string;
  /** Stock version it announces; without one the server would not vouch for its key. */
  readonly version: string;
  readonly idServer: ServerAddress;
  /** The owner's choice of relay, if any: it goes before what anybody proposes. */
  readonly relayServer: ServerAddress | undefined;
  /** Relays that the ID server itself has proposed lately: a viewer that could not come directly may name one of them. */
  readonly proposed?: readonly ServerAddress[];
  /** The ID server signs relay tickets for hosts that ask. */
  readonly givesTickets: boolean;
}

/** How a host meets a viewer. For now always on a relay; direct paths join as further members. */
export type Meeting =
  | {
      readonly type: "relay";
      /** To be sent to the ID server on a connection of its own. */
      readonly reply: ServerMessageInit;
      readonly relay: ServerAddress;
      /** What both ends show the relay. */
      readonly uuid: string;
      /** What shows the relay that the ID server knows of this call; `awaited`: it answers the reply with it. */
      readonly ticket: Uint8Array | "awaited";
      /** Where the viewer comes from, as the ID server saw it; empty when it did not say. */
      readonly viewerAddress: string;
    }
  /** The viewer asks for a relay that is neither the owner's nor the ID server's: a lure (rendezvous.md, section 9, row 5). */
  | { readonly type: "declined"; readonly reply: ServerMessageInit; readonly viewerAddress: string };

/**
 * Decides how to answer a call. `uuid`: fresh UUID v4 text, used when this side starts the relay.
 * Source: docs/protocol/rendezvous.md, section 4.13.
 */
export function meet(invitation: Invitation, facts: HostFacts, uuid: string): Meeting {
  const { socketAddr } = invitation.value;
  const from = decodeSocketAddress(socketAddr);
  // A field without an address decodes to one that nobody has.
  const viewerAddress = from.port === 0 ? "" : from.host;
  const common = { socketAddr, version: facts.version };
  if (invitation.case === "requestRelay") {
    // `secure: false` is not obeyed: the handshake always runs (docs/protocol/handshake.md, section 9, row 7).
    const relay = allowedRelay(invitation.value.relayServer, facts);
    if (relay === undefined) {
      const refuseReason = "This host does not use that relay";
      return { type: "declined", reply: { case: "relayResponse", value: { ...common, refuseReason } }, viewerAddress };
    }
    const reply: ServerMessageInit = { case: "relayResponse", value: common };
    const { uuid: theirs, relayTicket } = invitation.value;
    return { type: "relay", reply, relay, uuid: theirs, ticket: relayTicket, viewerAddress };
  }
  // What the ID server itself proposes is trusted as far as the server is.
  const proposed = parseServerAddress(invitation.value.relayServer, RELAY_PORT);
  const relay = facts.relayServer ?? proposed ?? ownRelay(facts);
  const value = {
    ...common,
    uuid,
    relayServer: formatServerAddress(relay),
    union: { case: "id" as const, value: facts.id },
    extensions: facts.givesTickets ? [Extension.ticket] : [],
  };
  const ticket = facts.givesTickets ? "awaited" : new Uint8Array(0);
  return { type: "relay", reply: { case: "relayResponse", value }, relay, uuid, ticket, viewerAddress };
}

/** How this host can be reached, beside the relay. */
export interface HostAbilities {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly webrtc: boolean;
}

/** What a host does about a call, beside any IPv6 and WebRTC (docs/protocol/rendezvous.md, section 4.10; webrtc.md, 9). */
export interface Plan {
  /** `offer`: nothing but WebRTC, for which the viewer asked. */
  readonly way: "relay" | "tcp" | "udp" | "lan" | "offer";
  /** Where the viewer is, as the ID server saw it; with the port of its UDP socket where that counts. */
  readonly viewer: SocketAddress;
  /** Of the viewer's IPv6 socket; undefined without one, and where only the relay is wanted. */
  readonly ipv6: SocketAddress | undefined;
  /** The viewer's WebRTC endpoint, to be answered; empty without. */
  readonly offer: string;
  readonly forceRelay: boolean;
}

/** The best that viewer and host can do together, by the viewer's own word. */
export function planOf(invitation: Invitation, abilities: HostAbilities): Plan {
  const viewer = decodeSocketAddress(invitation.value.socketAddr);
  const none = { viewer, ipv6: undefined, offer: "", forceRelay: false };
  if (invitation.case === "requestRelay") return { ...none, way: "relay" };
  const ipv6 = publicAddress(invitation.value.socketAddrV6);
  if (invitation.case === "fetchLocalAddr") return { ...none, ipv6, way: abilities.tcp ? "lan" : "relay" };
  const { natType, forceRelay, udpPort, webrtcSdpOffer } = invitation.value;
  const offer = abilities.webrtc ? webrtcSdpOffer : "";
  const common = { viewer, ipv6: forceRelay ? undefined : ipv6, offer, forceRelay };
  if (forceRelay || natType === NatType.SYMMETRIC || viewer.port === 0) return { ...common, way: "relay" };
  // The port belongs to an IPv4 address, which has to be the one it comes with.
  if (udpPort > 0 && udpPort <= 65_535 && abilities.udp && !viewer.host.includes(":")) {
    return { ...common, way: "udp", viewer: { host: viewer.host, port: udpPort } };
  }
  if (offer !== "") return { ...common, way: "offer" };
  return { ...common, way: abilities.tcp ? "tcp" : "relay" };
}

/** An IPv6 address as peers tell each other; undefined for what is none. */
function publicAddress(bytes: Uint8Array): SocketAddress | undefined {
  const address = decodeSocketAddress(bytes);
  // 2000::/3 alone is public: nobody may have us knock at an address of our own network.
  return bytes.length === 18 && address.port > 0 && /^[23][0-9a-f]{3}:/i.test(address.host) ? address : undefined;
}

function ownRelay({ idServer }: HostFacts): ServerAddress {
  return { host: idServer.host, port: idServer.port + 1 };
}

/** The relay a viewer names, if it is the owner's or runs where the ID server runs. */
function allowedRelay(text: string, facts: HostFacts): ServerAddress | undefined {
  if (text === "") return facts.relayServer ?? ownRelay(facts);
  const named = parseServerAddress(text, RELAY_PORT);
  if (named === undefined) return undefined;
  const known = [facts.relayServer, ownRelay(facts), ...(facts.proposed ?? [])];
  return known.some((relay) => relay?.host === named.host && relay.port === named.port) ? named : undefined;
}
