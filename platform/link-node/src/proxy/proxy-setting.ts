import { parseServerAddress } from "@pulpit/protocol";

export type ProxyScheme = "socks5" | "http" | "https";

/** Default ports (docs/protocol/wire.md, section 7). */
const PORTS: Readonly<Record<ProxyScheme, number>> = { socks5: 1080, http: 80, https: 443 };
/** Longest setting, characters: both credentials percent-encoded and a name fit. */
const MAX_SETTING = 2048;
/** Longest user name or password, bytes: SOCKS5 has one byte for their length (RFC 1929, section 2). */
const MAX_CREDENTIAL = 255;

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

export type ProxySettingProblem = "unknown-scheme" | "bad-address" | "bad-credentials";

/** A proxy, whose credentials neither text nor JSON nor a log of it shows. */
export class ProxySetting {
  readonly scheme: ProxyScheme;
  readonly host: string;
  readonly port: number;
  readonly #credentials: ProxyCredentials | undefined;

  constructor(scheme: ProxyScheme, host: string, port: number, credentials?: ProxyCredentials) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.#credentials = credentials;
  }

  /** For the proxy's ears only. */
  credentials(): ProxyCredentials | undefined {
    return this.#credentials;
  }

  toString(): string {
    return `${this.scheme}://${this.host.includes(":") ? `[${this.host}]` : this.host}:${this.port}`;
  }
}

/**
 * `[scheme://][user:password@]host[:port]`; without a scheme it is SOCKS5. User and password are percent-decoded and
 * count only together. Names of hosts are never looked up here: `socks5h` is the same as `socks5`.
 * Source: docs/protocol/wire.md, section 7.
 */
export function parseProxySetting(
  text: string,
):
  | { readonly type: "proxy"; readonly proxy: ProxySetting }
  | { readonly type: "invalid"; readonly problem: ProxySettingProblem } {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_SETTING) return { type: "invalid", problem: "bad-address" };
  const separator = trimmed.indexOf("://");
  const scheme = separator < 0 ? "socks5" : schemeOf(trimmed.slice(0, separator));
  if (scheme === undefined) return { type: "invalid", problem: "unknown-scheme" };
  const rest = separator < 0 ? trimmed : trimmed.slice(separator + 3).replace(/\/$/, "");
  // The last @, as browsers have it: people forget to encode the one in their password.
  const at = rest.lastIndexOf("@");
  const credentials = at < 0 ? undefined : credentialsIn(rest.slice(0, at), scheme);
  if (credentials === "invalid") return { type: "invalid", problem: "bad-credentials" };
  const address = parseServerAddress(rest.slice(at + 1), PORTS[scheme]);
  if (address === undefined) return { type: "invalid", problem: "bad-address" };
  return { type: "proxy", proxy: new ProxySetting(scheme, address.host, address.port, credentials) };
}

function schemeOf(text: string): ProxyScheme | undefined {
  const scheme = text.toLowerCase().replace(/^socks5h$/, "socks5");
  return Object.hasOwn(PORTS, scheme) ? (scheme as ProxyScheme) : undefined;
}

function credentialsIn(text: string, scheme: ProxyScheme): ProxyCredentials | undefined | "invalid" {
  const colon = text.indexOf(":");
  const user = decoded(colon < 0 ? text : text.slice(0, colon));
  const password = decoded(colon < 0 ? "" : text.slice(colon + 1));
  if (user === undefined || password === undefined) return "invalid";
  // Basic authentication ends the name at the first colon (RFC 7617, section 2).
  if (scheme !== "socks5" && user.includes(":")) return "invalid";
  return user === "" || password === "" ? undefined : { user, password };
}

function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a header line.
    return Buffer.byteLength(plain) > MAX_CREDENTIAL || /[\u0000-\u001f\u007f]/.test(plain) ? undefined : plain;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
