/** A STUN or TURN server to find paths with. */
export interface IceServer {
  readonly scheme: "stun" | "stuns" | "turn" | "turns";
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** Of TURN; empty for STUN. */
  readonly user: string;
  readonly password: string;
}

const DEFAULT_PORT = 3478;
/** Servers that are used; each one costs a socket for every own address. */
const MAX_SERVERS = 8;
/** Longest list that is looked at, characters. */
const MAX_LIST = 4096;

/**
 * The servers in a text as stock's option `ice-servers` has them: `stun:host`, `turn://user:password@host:port`, separated
 * by commas; entries that make no sense are left out. No servers are added: nobody is told who connects when.
 * Source: docs/protocol/webrtc.md, section 11.2.
 */
export function iceServersIn(text: string): readonly IceServer[] {
  if (text.length > MAX_LIST) return [];
  return text
    .split(",")
    .flatMap((entry) => serverIn(entry.trim()) ?? [])
    .slice(0, MAX_SERVERS);
}

function serverIn(entry: string): IceServer | undefined {
  const [, scheme, slashes = "", rest = ""] = /^(stuns?|turns?):(\/\/)?([^/?#\s]*)(?:[/?#]\S*)?$/i.exec(entry) ?? [];
  if (scheme === undefined) return undefined;
  // Only the form of an URL has a place for credentials.
  const at = slashes === "" ? -1 : rest.lastIndexOf("@");
  const [user = "", password = ""] = at < 0 ? [] : split(rest.slice(0, at), ":");
  const place = placeIn(rest.slice(at + 1));
  const turn = scheme.toLowerCase().startsWith("turn");
  if (place === undefined || (turn && (user === "" || password === ""))) return undefined;
  const credentials = turn ? { user, password } : { user: "", password: "" };
  return { scheme: scheme.toLowerCase() as IceServer["scheme"], ...place, ...credentials };
}

function placeIn(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, ipv6, name, portText] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

function split(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
