import { isIP } from "node:net";
import { isAbsolute, resolve } from "node:path";
import { parseIdServer, parseServerAddress } from "@pulpit/protocol";

/** How the text of a setting is understood. */
export interface Kind<T> {
  /** What is wanted, as it follows "wants". */
  readonly wanted: string;
  /** Undefined for what is none. `folder`: what relative paths start from. */
  read(text: string, folder: string): T | undefined;
  show(value: T): string;
}

export const text: Kind<string | undefined> = {
  wanted: "one line of text",
  read: (value) => (/\p{Cc}/u.test(value) ? undefined : value),
  show: (value) => value ?? "",
};

export const path: Kind<string | undefined> = {
  wanted: "a path",
  read: (value, folder) =>
    value === "" || value.includes("\0") ? undefined : isAbsolute(value) ? value : resolve(folder, value),
  show: (value) => value ?? "",
};

/** As stock writes them, and as people do. */
export const yesOrNo: Kind<boolean> = {
  wanted: "yes or no",
  read: (value) =>
    /^(y|yes|true|on|1)$/i.test(value) ? true : /^(n|no|false|off|0)?$/i.test(value) ? false : undefined,
  show: (value) => (value ? "yes" : "no"),
};

/** Yes, no, or what another setting makes of it. */
export const yesNoOrUnset: Kind<boolean | undefined> = {
  wanted: yesOrNo.wanted,
  read: yesOrNo.read,
  show: (value) => (value === undefined ? "" : yesOrNo.show(value)),
};

export function wholeNumber(from: number, to: number): Kind<number> {
  return {
    wanted: `a whole number from ${from} to ${to}`,
    read: (value) => within(/^\d{1,15}$/.test(value) ? Number(value) : Number.NaN, from, to),
    show: String,
  };
}

export function decimal(from: number, to: number): Kind<number> {
  return {
    wanted: `a number from ${from} to ${to}`,
    read: (value) => within(/^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN, from, to),
    show: String,
  };
}

export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return { ...kind, show: (value) => (value === undefined ? "" : kind.show(value)) };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    wanted: choices.length === 1 ? String(choices[0]) : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`,
    read: (value) => choices.find((choice) => choice === value.toLowerCase()),
    show: String,
  };
}

export function list(kind: Kind<string>): Kind<readonly string[]> {
  return {
    wanted: `${kind.wanted}, several with commas between`,
    read(value, folder) {
      const items = value
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "")
        .map((item) => kind.read(item, folder));
      return items.length <= MAX_ITEMS && items.every((item) => item !== undefined) ? items : undefined;
    },
    show: (value) => value.join(","),
  };
}

/** Entries in one list. */
const MAX_ITEMS = 1_000;

export const localAddress: Kind<string> = {
  wanted: "an IP address of this machine",
  read: (value) => (isIP(value) === 0 ? undefined : value),
  show: String,
};

/** `host[:port]`; what has no port keeps none, so that the service's own is taken. */
export const serverAddress: Kind<string> = {
  wanted: "HOST or HOST:PORT",
  read: (value) => (parseServerAddress(value, 1) === undefined ? undefined : value),
  show: String,
};

/** … or the web address behind which it is. What only looks like an address would fail at each attempt to connect. */
export const idServer: Kind<string> = {
  wanted: "HOST or HOST:PORT, or wss://HOST for a web address; ws:// for this computer's own alone",
  read(value) {
    const parsed = parseIdServer(value);
    if (parsed === undefined || !("url" in parsed)) return parsed === undefined ? undefined : value;
    return URL.canParse(parsed.url) ? parsed.url : undefined;
  },
  show: String,
};

export const hostName: Kind<string> = {
  wanted: "a host name or address, without port",
  read: (value) => (isIP(value) !== 0 || /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(value) ? value : undefined),
  show: String,
};

/** Checked more closely where it is used. */
export const network: Kind<string> = {
  wanted: "an IP address or a network such as 10.0.0.0/8",
  read(value) {
    const [address = "", bits, ...rest] = value.split("/");
    const most = isIP(address) === 6 ? 128 : 32;
    const bad =
      isIP(address) === 0 || rest.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && +bits <= most));
    return bad ? undefined : value;
  },
  show: String,
};

export const origin: Kind<string> = {
  wanted: "a page's origin such as https://example.com",
  read: (value) =>
    /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value ? value : undefined,
  show: String,
};

export const httpAddress: Kind<string | undefined> = {
  wanted: "an http(s) address",
  read: (value) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
  show: (value) => value ?? "",
};

/** `off`, or a local address and port. */
export const localPort: Kind<{ readonly host: string; readonly port: number } | undefined> = {
  wanted: "off, a port, or an ADDRESS:PORT of this machine",
  read(value) {
    if (/^\d{1,5}$/.test(value))
      return Number(value) <= MAX_PORT ? { host: "127.0.0.1", port: Number(value) } : undefined;
    const [, bracketed, plain, port = ""] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
    const host = bracketed ?? plain ?? "";
    return isIP(host) !== 0 && Number(port) <= MAX_PORT ? { host, port: Number(port) } : undefined;
  },
  show: (value) =>
    value === undefined ? "off" : `${value.host.includes(":") ? `[${value.host}]` : value.host}:${value.port}`,
};

const MAX_PORT = 65_535;

function within(value: number, from: number, to: number): number | undefined {
  return value >= from && value <= to ? value : undefined;
}
