import { decimal, list, oneOf, optional, path, serverAddress, wholeNumber, yesOrNo } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { RelayingConfig } from "./server-config.ts";

/** Mbit/s, of 1024 × 1024 bits as in stock servers. */
const bandwidth = decimal(0.1, 100_000);

export const RELAY_SETTINGS: Settings<RelayingConfig> = {
  relayServers: {
    kind: list(serverAddress),
    fallback: [],
    otherwise: "this server's own",
    short: "r",
    stock: ["RELAY", "RELAY_SERVERS"],
    about: "Relays proposed to hosts, in turn those that answer; port 21117 where none is given.",
  },
  foreignRelays: {
    kind: yesOrNo,
    fallback: false,
    about: "Whether hosts and viewers may name relays that are not among them.",
  },
  alwaysUseRelay: {
    kind: yesOrNo,
    fallback: false,
    stock: ["ALWAYS_USE_RELAY"],
    about: "Whether no viewer reaches a host but through a relay.",
  },
  relayPolicy: {
    kind: optional(oneOf("open", "key", "ticket")),
    fallback: undefined,
    otherwise: "key; open when no key is required",
    about:
      "Whom the relay joins: everybody, who shows the server's public key, or who shows a ticket of this ID server (Pulpit clients only).",
  },
  totalBandwidth: {
    kind: bandwidth,
    fallback: 1024,
    stock: ["TOTAL_BANDWIDTH"],
    about: "All relayed sessions together, both directions, Mbit/s.",
  },
  singleBandwidth: {
    kind: bandwidth,
    fallback: 128,
    stock: ["SINGLE_BANDWIDTH"],
    about: "One relayed session, both directions, Mbit/s.",
  },
  addressBandwidth: {
    kind: optional(bandwidth),
    fallback: undefined,
    otherwise: "no limit",
    about: "All relayed sessions of one address, both directions, Mbit/s.",
  },
  limitSpeed: {
    kind: bandwidth,
    fallback: 32,
    stock: ["LIMIT_SPEED"],
    about: "One relayed session that is throttled or has been downgraded, Mbit/s.",
  },
  downgradeThreshold: {
    kind: decimal(0, 1),
    fallback: 0.66,
    stock: ["DOWNGRADE_THRESHOLD"],
    about: "A long session whose average exceeds this share of `single-bandwidth` is downgraded.",
  },
  downgradeStartCheck: {
    kind: wholeNumber(0, 31_536_000),
    fallback: 1_800,
    stock: ["DOWNGRADE_START_CHECK"],
    about: "Sessions are looked at for that after this long, seconds.",
  },
  blocklist: {
    kind: path,
    fallback: undefined,
    otherwise: "`blocklist.txt` in the data folder",
    about: "File of addresses that are not relayed, one a line.",
  },
  blacklist: {
    kind: path,
    fallback: undefined,
    otherwise: "`blacklist.txt` in the data folder",
    about: "File of addresses that are relayed at `limit-speed`, one a line.",
  },
};
