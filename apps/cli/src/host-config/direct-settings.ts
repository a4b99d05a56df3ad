import { DIRECT_PORT } from "@pulpit/protocol";
import { list, wholeNumber, yesOrNo } from "../settings/kinds.ts";
import type { Settings } from "../settings/setting.ts";
import type { HostConfig } from "./host-config.ts";
import { sourceNetwork } from "./source-network.ts";

/** Networks of homes and companies, and this computer itself (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
export const PRIVATE_NETWORKS: readonly string[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1",
];

type Direct = `direct-${"access" | "port" | "networks" | "unencrypted"}`;

/** Whoever knows the address of this computer and needs no ID server. */
export const DIRECT_SETTINGS: Settings<Pick<HostConfig, Direct>> = {
  "direct-access": {
    kind: yesOrNo,
    fallback: false,
    about:
      "Whether viewers may connect to an address of this computer, without an ID server: `pulpit connect 192.168.1.20`. They need a password or your click like everybody else.",
  },
  "direct-port": {
    kind: wholeNumber(1, 65_535),
    fallback: DIRECT_PORT,
    about: "TCP port for them. A server on the same computer has the usual one already: then take another.",
  },
  "direct-networks": {
    kind: list(sourceNetwork),
    fallback: [],
    otherwise: "private networks",
    about: "From where they may come. `0.0.0.0/0,::/0` is everywhere.",
  },
  "direct-unencrypted": {
    kind: yesOrNo,
    fallback: false,
    about:
      "Whether stock viewers may come there, too. They do not encrypt such connections: whoever is on the way sees everything. Only the one-time password and your click let them in.",
  },
};
