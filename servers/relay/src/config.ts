/** What a relay is told. RELAY_DEFAULTS has what nobody decided otherwise. */
export interface RelayConfig {
  /** TCP port; port + 2 is WebSocket. 0 takes free ones, for tests. */
  readonly port: number;
  /** Local address of both listeners; undefined is all of them. */
  readonly host: string | undefined;
  /** Whom it joins: everybody, who shows the server's public key, or who shows a ticket of the ID server. */
  readonly policy: "open" | "key" | "ticket";
  /** Public key of the ID server: 32 bytes, and as base64 text. */
  readonly serverKey: { readonly publicKey: Uint8Array; readonly publicText: string };
  readonly bandwidth: Bandwidth;
  /** Addresses, or networks as CIDR, that are turned away; pairs of theirs are parted. */
  readonly refused: readonly string[];
  /** … and those that get `limitSpeed`. */
  readonly throttled: readonly string[];
  /** Addresses, or networks as CIDR, of proxies whose word on a client's address counts. */
  readonly trustedProxies: readonly string[];
  /** How bytes between two TCP parties move: `fast` is a thread with splice, where the system can (Linux). */
  readonly dataPath: "fast" | "portable";
}

/** Payload in both directions together, bits per second in units of 1024 × 1024; infinite is no limit. */
export interface Bandwidth {
  readonly total: number;
  /** One pair. */
  readonly single: number;
  /** All pairs of one address together (IPv6: of one network). */
  readonly perAddress: number;
  /** One pair that is throttled, or was downgraded. */
  readonly limitSpeed: number;
  /** A pair whose average is above this share of `single` … */
  readonly downgradeThreshold: number;
  /** … when it is this old, s, is downgraded to `limitSpeed`. */
  readonly downgradeAfter: number;
}

/** The stock figures (docs/protocol/rendezvous.md, section 6.2). */
export const RELAY_DEFAULTS: Omit<RelayConfig, "port" | "host" | "serverKey"> = {
  policy: "key",
  bandwidth: {
    total: 1024,
    single: 128,
    perAddress: Number.POSITIVE_INFINITY,
    limitSpeed: 32,
    downgradeThreshold: 0.66,
    downgradeAfter: 1800,
  },
  refused: [],
  throttled: [],
  trustedProxies: [],
  dataPath: "fast",
};

/** Bytes per second of a bandwidth in units of 1024 × 1024 bits per second. */
export function bytesPerSecond(megabits: number): number {
  return (megabits * 1024 * 1024) / 8;
}

/** Connections at a time, in all and from one address: some companies are behind one. */
export const MAX_CONNECTIONS = 20_000;
export const MAX_CONNECTIONS_PER_ADDRESS = 4_000;
/** Pairs at a time. */
export const MAX_PAIRS = 10_000;
/** Parties waiting for their partner, in all and from one address. */
export const MAX_WAITING = 5_000;
export const MAX_WAITING_PER_ADDRESS = 64;
/** Largest first message, bytes: a RequestRelay is a few hundred. */
export const MAX_FIRST_MESSAGE: number = 64 * 1024;
/** What a party may send before it has a partner, bytes; the rest waits in its socket. */
export const MAX_EARLY: number = 64 * 1024;
/** Largest message between a TCP and a WebSocket party, bytes. */
export const MAX_MESSAGE: number = 64 * 1024 * 1024;
/** The first message has to come within this, ms (docs/protocol/rendezvous.md, section 4.14). */
export const FIRST_MESSAGE_WITHIN = 30_000;
/** A pair that is silent in both directions for this long is parted, ms. */
export const IDLE_LIMIT = 30_000;
/** What was sent may take this long to leave after the end, ms. */
export const LINGER_LIMIT = 5_000;
/** Allowances are refilled this often while there are pairs, ms, … */
export const REFILL_EVERY = 20;
/** … and pairs are looked at this often. */
export const LOOK_EVERY = 1_000;
