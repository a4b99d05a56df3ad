/** What a relay is told. */
export interface RelayConfig {
  /** TCP port; port + 2 is WebSocket. 0 takes free ones, for tests. */
  readonly port: number;
  /** Local address of both listeners; undefined is all of them. */
  readonly host: string | undefined;
  /** Text both parties have to show; undefined relays for everybody. */
  readonly requiredKey: string | undefined;
}

/** Connections at a time. */
export const MAX_CONNECTIONS = 20_000;
/** Parties waiting for their partner, in all and from one address. */
export const MAX_WAITING = 5_000;
export const MAX_WAITING_PER_ADDRESS = 64;
/** Largest first message, bytes: a RequestRelay is a few hundred. */
export const MAX_FIRST_MESSAGE: number = 64 * 1024;
/** Largest message between a TCP and a WebSocket party, bytes. */
export const MAX_MESSAGE: number = 64 * 1024 * 1024;
/** The first message has to come within this, ms (docs/protocol/rendezvous.md, section 4.14). */
export const FIRST_MESSAGE_WITHIN = 30_000;
/** A pair that is silent in both directions for this long is parted, ms. */
export const IDLE_LIMIT = 30_000;
