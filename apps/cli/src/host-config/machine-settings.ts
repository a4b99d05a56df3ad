import { type ProxySetting, parseProxySetting } from "@pulpit/link-node";
import { publicKeyOf } from "@pulpit/protocol";
import { idServer, type Kind, oneOf, optional, serverAddress, wholeNumber, yesOrNo } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { HostConfig } from "./host-config.ts";

const publicKey: Kind<string> = {
  wanted: "the server's public key, 44 characters",
  read: (value) => (publicKeyOf(value) === undefined ? undefined : value),
  show: String,
};

/** Shown without its credentials, wherever it is shown. */
const proxySetting: Kind<ProxySetting> = {
  wanted: "a proxy such as socks5://host:1080, http://host:3128 or https://user:password@host",
  read(value) {
    const parsed = parseProxySetting(value);
    return parsed.type === "proxy" ? parsed.proxy : undefined;
  },
  show: String,
};

/** Where this computer is known, and how it behaves. */
export const MACHINE_SETTINGS: Settings<
  Pick<
    HostConfig,
    | "server"
    | "server-key"
    | "relay"
    | "direct"
    | "proxy"
    | "discoverable"
    | "sharing"
    | "idle-minutes"
    | "notifications"
    | "language"
  >
> = {
  server: {
    kind: optional(idServer),
    fallback: undefined,
    otherwise: "none",
    about:
      "ID server, HOST or HOST:PORT. `wss://HOST` is the web address of a Pulpit server, for networks that let nothing out but HTTPS: then everything goes through that one port, and by the relay.",
  },
  "server-key": {
    kind: optional(publicKey),
    fallback: undefined,
    otherwise: "none",
    about: "Its public key; `pulpit server` prints it.",
  },
  relay: {
    kind: optional(serverAddress),
    fallback: undefined,
    otherwise: "the server's choice",
    about:
      "Relay to use instead of the server's choice. With a web address as `server`, what viewers are told; this computer goes to the one behind that.",
  },
  direct: {
    kind: yesOrNo,
    fallback: true,
    about:
      "Whether viewers may come directly where a way is found. No: everything goes through the relay, and viewers learn no address of this computer.",
  },
  proxy: {
    kind: optional(proxySetting),
    fallback: undefined,
    otherwise: "none",
    about:
      "Proxy for every connection: `socks5://`, `http://` or `https://`, `USER:PASSWORD@` if it wants them, HOST and port. Then everything goes by TCP through it, and by the relay.",
  },
  discoverable: {
    kind: yesOrNo,
    fallback: false,
    about:
      "Whether this computer answers who looks for hosts on its own network (`pulpit discover`, stock clients): with its ID, its name and its system, and nothing else.",
  },
  sharing: { kind: yesOrNo, fallback: true, about: "Whether this computer is shared. Stopped stays stopped." },
  "idle-minutes": {
    kind: wholeNumber(0, 1_440),
    fallback: 0,
    about: "A session in which nobody does anything ends after this. 0: never.",
  },
  notifications: {
    kind: yesOrNo,
    fallback: true,
    about: "Whether the desktop shows a notification when somebody wants in, comes or leaves.",
  },
  language: {
    kind: optional(oneOf("en", "pl")),
    fallback: undefined,
    otherwise: "that of the system",
    about: "Language of notifications.",
  },
};
