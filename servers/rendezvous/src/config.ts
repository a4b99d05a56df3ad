/** What an ID server is told; every field has a default but the folder. */
export interface RendezvousConfig {
  /** Main port, TCP and UDP; also port − 1 (TCP) and port + 2 (WebSocket). 0 takes free ones, for tests. */
  readonly port: number;
  /** Local address of all listeners; undefined is all of them. */
  readonly host: string | undefined;
  /** Relay proposed to hosts, `host:port`; empty leaves it to the host: the ID server's name, port + 1. */
  readonly relayServer: string;
  /** Viewers have to show the server's public key. */
  readonly requireKey: boolean;
}

/** Stream connections at a time, all ports together. */
export const MAX_CONNECTIONS = 10_000;
/** … and from one address. */
export const MAX_CONNECTIONS_PER_ADDRESS = 256;
/** Largest message a server takes, bytes (docs/protocol/wire.md, section 2.1). */
export const MAX_MESSAGE: number = 64 * 1024;
/** A connection without a message for this long is closed, ms (docs/protocol/rendezvous.md, section 5.4). */
export const IDLE_LIMIT = 30_000;
/** Datagrams of one address in a second; what is above it is dropped unread. */
export const DATAGRAMS_PER_SECOND = 200;
/** Devices whose presence is kept. */
export const MAX_DEVICES = 1_000_000;
/** Viewers waiting for an answer at a time. */
export const MAX_WAITING_VIEWERS = 50_000;
