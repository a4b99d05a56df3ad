import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { formatTarget, NetworkList } from "@pulpit/protocol";
import { PRIVATE_NETWORKS } from "../host-config/direct-settings.ts";

/** They hold on one cable only, and nobody can type an IPv6 one without the name of a network card (RFC 3927, RFC 4291). */
const LINK_LOCAL = new NetworkList(["169.254.0.0/16", "fe80::/10"]);

/**
 * What people type to reach this machine at its own port, as `pulpit connect` takes it; IPv4 first. `networks`: from
 * where they may come; none named: private ones, from which nobody gets to a public address.
 */
export function ownAddresses(
  port: number,
  networks: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): readonly string[] {
  const near = new NetworkList(PRIVATE_NETWORKS);
  const found = Object.values(interfaces)
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, address }) => !internal && !LINK_LOCAL.has(address))
    .filter(({ address }) => networks.length > 0 || near.has(address))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => formatTarget({ type: "address", host: address, port }));
  return [...new Set(found)];
}
