import { LinkError } from "@pulpit/link";
import type { Random, ServerAddress } from "@pulpit/protocol";
import { addressOf, ipv4Of, isNear, localTowards, publicIpv6 } from "./addresses.ts";
import { PunchSocket } from "./udp-socket.ts";

/** Where this machine is, as seen from itself. */
export interface OwnAddresses {
  /** In its own network, towards the server; undefined without a way there. */
  readonly lan: string | undefined;
  /** Its public IPv6 address; undefined without one. */
  readonly ipv6: string | undefined;
  /** The server is in this network too, so that no router between it and the internet can be learned of from it. */
  readonly serverIsNear: boolean;
}

export async function ownAddresses(server: ServerAddress): Promise<OwnAddresses> {
  const [address, ipv6] = await Promise.all([addressOf(server.host).catch(() => undefined), publicIpv6()]);
  const lan = address === undefined ? undefined : await localTowards(address);
  return { lan, ipv6, serverIsNear: address !== undefined && isNear(address) };
}

/** The port of a UDP socket here, and as the ID server sees it; undefined when it does not say. */
export async function udpPortAt(
  server: ServerAddress,
  random: Random,
  signal: AbortSignal,
): Promise<{ readonly localPort: number; readonly outerPort: number } | undefined> {
  let socket: PunchSocket;
  let to: ServerAddress;
  try {
    to = { host: await ipv4Of(server.host), port: server.port };
    socket = await PunchSocket.open(random);
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
  try {
    const outerPort = await socket.publicPort(to, signal).catch(() => 0);
    return outerPort === 0 ? undefined : { localPort: socket.port, outerPort };
  } finally {
    socket.close();
  }
}
