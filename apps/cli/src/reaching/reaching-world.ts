import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { dial, nodeClock, type ProxySetting, proxyDial } from "@pulpit/link-node";
import { formatServerAddress, parseServerAddress, RELAY_PORT } from "@pulpit/protocol";
import type { ConnectWorld, ViewerTarget } from "@pulpit/viewer";
import { nodeViewerWays } from "@pulpit/ways-node";
import type { KnownServer } from "./known-server.ts";

/** A host of a server, as viewers name it. */
export function targetOf(hostId: string, server: KnownServer): ViewerTarget {
  const { key } = server;
  if (server.type === "websocket") {
    return { hostId, serverKey: key, idServer: `${server.url}/ws/id`, relayAddress: () => `${server.url}/ws/relay` };
  }
  const { host, port } = server.address;
  return {
    hostId,
    serverKey: key,
    idServer: formatServerAddress(server.address),
    relayAddress: (named) => formatServerAddress(parseServerAddress(named, RELAY_PORT) ?? { host, port: port + 1 }),
  };
}

/** Everything this computer has to reach a host with. `server`: undefined for a host that is met at its own address. */
export function reachingWorld(server: KnownServer | undefined, proxy: ProxySetting | undefined): ConnectWorld {
  const random = nodeRandom();
  const world = { crypto: nodeCrypto(), random, clock: nodeClock() };
  // Nothing goes past a proxy, and through it go TCP and WebSockets only: there is the relay, and an address.
  if (proxy !== undefined) return { ...world, dial: proxyDial(proxy) };
  // As hosts do: no server but the own one is asked anything.
  const stun = { scheme: "stun", user: "", password: "" } as const;
  const iceServers = server?.type === "ports" ? [{ ...stun, ...server.address }] : [];
  return { ...world, dial, ways: nodeViewerWays({ random, iceServers }) };
}
