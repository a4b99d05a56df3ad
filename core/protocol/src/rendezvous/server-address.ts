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

export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function withPort(host: string, digits: string | undefined, defaultPort: number): ServerAddress | undefined {
  const port = digits === undefined ? defaultPort : Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
