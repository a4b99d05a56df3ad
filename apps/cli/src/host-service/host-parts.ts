import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import type { DirectAccessOptions, HostOptions, HostWorld, ListenDirect } from "@pulpit/host";
import { LinkError } from "@pulpit/link";
import { dial, listenDirect, nodeClock, openUdp, proxyDial } from "@pulpit/link-node";
import { type IdServerAddress, parseIdServer, type ServerAddress } from "@pulpit/protocol";
import { nodeHostWays } from "@pulpit/ways-node";
import { PRIVATE_NETWORKS } from "../host-config/direct-settings.ts";
import type { HostConfig } from "../host-config/host-config.ts";
import type { House } from "./house.ts";

/** Largest message before a visit has begun, bytes. */
const FIRST_LIMIT = 64 * 1024;

/** What a host of this machine needs, as its settings want it. */
export function hostWorld({ settings }: Pick<House, "settings">): HostWorld & { readonly listenDirect: ListenDirect } {
  const random = nodeRandom();
  const { direct, proxy } = settings.config;
  const idServer = idServerOf(settings.config);
  const listen: ListenDirect = (port, arrived) => listenDirect(port, FIRST_LIMIT, arrived);
  const parts = { crypto: nodeCrypto(), random, compression: nodeCompression(), clock: nodeClock() };
  const world = { ...parts, listenDirect: listen };
  if (proxy !== undefined) return { ...world, dial: proxyDial(proxy), openDatagrams: noDatagrams };
  const plain = { ...world, dial, openDatagrams: (peer: ServerAddress) => openUdp({ port: 0, peer }) };
  // At a web address there is nothing but the relay.
  if (!direct || idServer === undefined || "url" in idServer) return plain;
  // No server beside the own one is asked anything; where it does not answer, this machine's addresses have to do.
  const stun = { scheme: "stun", ...idServer, user: "", password: "" } as const;
  return { ...plain, ways: nodeHostWays({ random, iceServers: [stun] }) };
}

function idServerOf({ server }: HostConfig): IdServerAddress | undefined {
  return server === undefined ? undefined : parseIdServer(server);
}

/** Nothing goes past a proxy. */
async function noDatagrams(): Promise<never> {
  throw new LinkError("unreachable", "a proxy carries no datagrams");
}

/** The host of this house as its settings want it; undefined while no server is named. */
export function hostOptions({ identity, settings }: House): HostOptions | undefined {
  const { relay, "server-key": serverKey } = settings.config;
  const idServer = idServerOf(settings.config);
  if (idServer === undefined || serverKey === undefined) return undefined;
  const direct = directAccess(settings.config);
  return {
    ...hostSelf(identity),
    ...{ uuid: identity.uuid, idServer, serverKey },
    ...(relay === undefined ? {} : { relayServer: relay }),
    ...(direct === undefined ? {} : { direct }),
  };
}

/** Who this host is, to viewers. */
export function hostSelf({ id, keys }: House["identity"]): Pick<HostOptions, "id" | "identity" | "allowPlaintext"> {
  return { id, identity: keys, allowPlaintext: false };
}

/** The port of its own; undefined when the owner wants none. */
export function directAccess(config: HostConfig): DirectAccessOptions | undefined {
  if (!config["direct-access"]) return undefined;
  const networks = config["direct-networks"];
  return {
    port: config["direct-port"],
    networks: networks.length === 0 ? PRIVATE_NETWORKS : networks,
    unencrypted: config["direct-unencrypted"],
  };
}
