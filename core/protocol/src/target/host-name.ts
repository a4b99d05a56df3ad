import { addressBytes } from "../login/network.ts";
import { addressText } from "../rendezvous/packed-address.ts";

/** Longest name of the domain name system, characters (RFC 1035, section 2.3.4). */
const MAX_NAME = 253;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** How a network card may be called behind `%`. */
const ZONE = /^[A-Za-z0-9._-]{1,15}$/;

/** A host and the digits behind its colon, not yet looked at. */
export interface HostAndPort {
  readonly host: string;
  readonly port: string | undefined;
}

/** Cuts `host`, `host:port`, `[v6]`, `[v6]:port` and bare IPv6 apart; undefined when brackets don't fit. */
export function cutPort(text: string): HostAndPort | undefined {
  if (text.startsWith("[")) {
    const parts = /^\[([^[\]]+)\](?::(.*))?$/.exec(text);
    if (parts === null || !parts[1]?.includes(":")) return undefined;
    return { host: parts[1], port: parts[2] };
  }
  const colon = text.indexOf(":");
  if (colon < 0) return { host: text, port: undefined };
  if (text.indexOf(":", colon + 1) >= 0) return { host: text, port: undefined };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** 1 to 65535 in plain digits. */
export function portOf(digits: string): number | undefined {
  const port = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/**
 * The one way to write an address or a name: IPv4 in four decimal parts, IPv6 as RFC 5952 has it, names in small
 * letters. Undefined for what is neither, and for what C libraries take as an address though it looks like a name
 * (`127.1`, `0x7f.0.0.1`, `2130706433`).
 */
export function canonicalHost(text: string): string | undefined {
  if (text.includes(":")) return canonicalIpv6(text);
  const name = text.toLowerCase();
  if (name.length > MAX_NAME) return undefined;
  const labels = name.split(".");
  if (!labels.every((label) => LABEL.test(label))) return undefined;
  // The last part decides, as in the URL standard: no top-level domain is a number.
  if (!/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) as string)) return name;
  // A leading zero is octal to some and decimal to others.
  return labels.every((label) => /^(?:0|[1-9]\d{0,2})$/.test(label)) ? numeric(name) : undefined;
}

function canonicalIpv6(text: string): string | undefined {
  const percent = text.indexOf("%");
  const host = percent < 0 ? text : text.slice(0, percent);
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(host)) return undefined;
  const canonical = numeric(host);
  if (percent < 0 || canonical === undefined) return canonical;
  const zone = text.slice(percent + 1);
  return ZONE.test(zone) && canonical.includes(":") ? `${canonical}%${zone}` : undefined;
}

function numeric(host: string): string | undefined {
  const bytes = addressBytes(host);
  return bytes === undefined ? undefined : addressText(bytes, 0);
}
