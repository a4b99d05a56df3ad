import type { EnrolmentPolicy } from "@pulpit/protocol";

/** What an ID server is told. DEFAULTS has what nobody decided otherwise. */
export interface RendezvousConfig extends EnrolmentPolicy {
  /** Main port, TCP and UDP; also port − 1 (TCP, and UDP for STUN) and port + 2 (WebSocket). 0 takes free ones, for tests. */
  readonly port: number;
  /** Local address of all listeners; undefined is all of them. */
  readonly host: string | undefined;
  /** Relays proposed to hosts, `host:port`; none leaves it to the host: the ID server's name, port + 1. */
  readonly relayServers: readonly string[];
  /** Hosts may name relays that are not among them. */
  readonly foreignRelays: boolean;
  /** Viewers have to show the server's public key. */
  readonly requireKey: boolean;
  /** Hosts may answer calls from another address than they registered from: some have several ways out. */
  readonly answersFromAnywhere: boolean;
  /** No viewer reaches a host but through a relay. */
  readonly alwaysRelay: boolean;
  /** An ID nobody has looks like one that is offline, so that IDs can't be tried out. */
  readonly hideUnknown: boolean;
  /** A list of ID servers for clients that have no server of their own, and its number (section 4.6). */
  readonly update: { readonly serial: number; readonly servers: readonly string[] };
  /** What old clients are told that ask for a newer one. */
  readonly software: { readonly version: string; readonly url: string } | undefined;
  /** Addresses, or networks as CIDR, of proxies whose word on a client's address counts. */
  readonly trustedProxies: readonly string[];
  /** Devices whose presence is kept. */
  readonly maxDevices: number;
  /** Stream connections from one address. */
  readonly connectionsPerAddress: number;
  /** How datagrams are read: `fast` is a thread of its own, where the system can (Linux). */
  readonly datagramPath: "fast" | "portable";
  /** What the system keeps of datagrams while the server is busy, bytes. */
  readonly receiveBuffer: number;
}

export const DEFAULTS: Omit<RendezvousConfig, "port" | "host"> = {
  relayServers: [],
  foreignRelays: false,
  requireKey: true,
  answersFromAnywhere: false,
  alwaysRelay: false,
  hideUnknown: false,
  update: { serial: 0, servers: [] },
  software: undefined,
  trustedProxies: [],
  maxDevices: 1_000_000,
  connectionsPerAddress: 256,
  datagramPath: "fast",
  receiveBuffer: 4 * 1024 * 1024,
  // As stock servers count (docs/protocol/rendezvous.md, section 5.4).
  newIdsPerDay: 300,
  enrolment: "open",
  keyChange: "approval",
};

/** Stream connections at a time, all ports together. */
export const MAX_CONNECTIONS = 10_000;
/** Connections that stay, most of them of devices: the others must find room. A device that finds none registers by datagram. */
export const MAX_KEPT = 6_000;
/** Share of all connections above which one address gets a tenth of its connections: many addresses can't take all of them. */
export const CROWDED = 0.75;
/** Largest message a server takes, bytes (docs/protocol/wire.md, section 2.1). */
export const MAX_MESSAGE: number = 64 * 1024;
/** A connection without a message for this long is closed, ms (docs/protocol/rendezvous.md, section 5.4). */
export const IDLE_LIMIT = 30_000;
/** A client that says nothing for so long waits to be offered encryption, ms (section 4.23). */
export const OFFER_KEYS_AFTER = 150;
/** A connection that stays is beaten this often, ms: NATs forget silent ones after a minute or more. */
export const BEAT_EVERY = 30_000;
/** … and is over when nothing came back for this long, ms. */
export const KEPT_SILENCE_LIMIT = 75_000;
/** Messages that one connection may send in a minute; the talkative kind, with WebRTC candidates, has a hundred. */
export const MESSAGES_PER_MINUTE = 600;
/** Datagrams of one address in a second; what is above it is dropped unread. */
export const DATAGRAMS_PER_SECOND = 200;
/** Viewers waiting for an answer at a time. */
export const MAX_WAITING_VIEWERS = 50_000;
/** Relays are tried this often, ms, and given this long to answer (section 4.16). */
export const TRY_RELAYS_EVERY = 3_000;
/** A relay ticket is good for this long, s (docs/protocol/extensions.md). */
export const TICKET_LIFE = 120;
