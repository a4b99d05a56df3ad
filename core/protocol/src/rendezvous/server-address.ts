/** A server as people and the wire write it. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Default port of the ID server; the relay's is one more (docs/protocol/wire.md, section 8). */
export const ID_SERVER_PORT = 21_116;
export const RELAY_PORT = 21_117;

/**
 * `host`, `host:port`, a bare IPv6 address or `[v6]:port`; undefined when it is none of them.
 * Source: docs/protocol/wire.md, section 9.1.
 */
export function parseServerAddress(text: string, defaultPort: number): ServerAddress | undefined {
  const bracketed = /^\[([0-9a-fA-F:.%]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null) return withPort(bracketed[1] as string, bracketed[2], defaultPort);
  if (text.split(":").length > 2) return /^[0-9a-fA-F:.%]+$/.test(text) ? { host: text, port: defaultPort } : undefined;
  const plain = /^([A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?$/.exec(text);
  return plain === null ? undefined : withPort(plain[1] as string, plain[2], defaultPort);
}

/** A server at its web address: everything for it, and for its relay, goes by WebSocket through that one port. */
export interface WebAddress {
  /** `wss://host[:port]`, or `ws://` on this computer; without a path. */
  readonly url: string;
  readonly host: string;
}

/** Where an ID server is reached. */
export type IdServerAddress = ServerAddress | WebAddress;

/**
 * `wss://host[:port]`; undefined when it is anything else. `ws://`, which nothing protects, is for a server on this
 * computer alone.
 */
export function parseWebAddress(text: string): WebAddress | undefined {
  const [, scheme, place = ""] = /^(wss?):\/\/(\[[0-9a-fA-F:.]+\](?::\d+)?|[^[\]:/]+(?::\d+)?)\/?$/.exec(text) ?? [];
  const address = scheme === undefined ? undefined : parseServerAddress(place, 1);
  if (address === undefined || (scheme === "ws" && !isLoopback(address.host))) return undefined;
  return { url: `${scheme}://${place}`, host: address.host };
}

/** Either form, as people write it. */
export function parseIdServer(text: string): IdServerAddress | undefined {
  return parseWebAddress(text) ?? parseServerAddress(text, ID_SERVER_PORT);
}

/** Whether it is this computer. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function withPort(host: string, digits: string | undefined, defaultPort: number): ServerAddress | undefined {
  const port = digits === undefined ? defaultPort : Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
