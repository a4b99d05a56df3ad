import { publicKeyOf } from "@pulpit/protocol";
import { type Kind, oneOf, optional, serverAddress, wholeNumber, yesOrNo } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { HostConfig } from "./host-config.ts";

const publicKey: Kind<string> = {
  wanted: "the server's public key, 44 characters",
  read: (value) => (publicKeyOf(value) === undefined ? undefined : value),
  show: String,
};

/** Where this computer is known, and how it behaves. */
export const MACHINE_SETTINGS: Settings<
  Pick<HostConfig, "server" | "server-key" | "relay" | "sharing" | "idle-minutes" | "notifications" | "language">
> = {
  server: {
    kind: optional(serverAddress),
    fallback: undefined,
    otherwise: "none",
    about: "ID server, HOST or HOST:PORT.",
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
    about: "Relay to use instead of the server's choice.",
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
