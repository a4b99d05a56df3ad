import { framed, LinkError } from "@pulpit/link";
import { dialFrom, offerWebRtc, plainAddress, punchTcp } from "@pulpit/link-node";
import {
  formatServerAddress,
  type IceServer,
  parseServerAddress,
  type Random,
  type ServerAddress,
} from "@pulpit/protocol";
import type { TcpWay, UdpWay, Ways } from "@pulpit/viewer";
import { addressOf, hasIpv4, ipv4Of, isNear, publicIpv6 } from "./addresses.ts";
import { LIMIT } from "./limits.ts";
import { shared } from "./shared-port.ts";
import { PunchSocket } from "./udp-socket.ts";

/** Every way to a host that Node has. `iceServers`: for WebRTC; none are contacted by default. */
export function nodeViewerWays(options: { readonly random: Random; readonly iceServers: readonly IceServer[] }): Ways {
  const { random, iceServers } = options;
  return {
    tcp: viewerTcp,
    udp: (server, signal) => viewerUdp(server, random, signal),
    webrtc: ({ gathered, signal }) => offerWebRtc({ iceServers, policy: "all", gathered, limit: LIMIT, signal }),
  };
}

async function viewerTcp(text: string, signal: AbortSignal): Promise<TcpWay> {
  const server = addressIn(text);
  const to = { host: await addressOf(server.host), port: server.port };
  const { stream, localPort } = await dialFrom(0, to, { route: "server", signal, ...shared() });
  const link = framed(stream, LIMIT);
  return {
    server: link,
    async dial(host, ends) {
      await link.close();
      const peer = { host: plainAddress(host.host), port: host.port };
      // On one's own network nobody has to be let through.
      if (isNear(peer.host)) {
        return framed((await dialFrom(localPort, peer, { route: "direct", signal: ends, ...shared() })).stream, LIMIT);
      }
      return framed(await punchTcp({ localPort, peer, signal: ends, ...shared() }), LIMIT);
    },
  };
}

async function viewerUdp(text: string, random: Random, signal: AbortSignal): Promise<UdpWay> {
  const server = addressIn(text);
  const [ipv4, ipv6] = await Promise.all([overIpv4(server, random, signal), overIpv6(random)]);
  if (ipv4 === undefined && ipv6 === undefined) throw new LinkError("unreachable", "no socket");
  const close = (): void => {
    ipv4?.socket.close();
    ipv6?.socket.close();
  };
  signal.addEventListener("abort", close, { once: true });
  return {
    server: ipv4?.server,
    port: ipv4?.port ?? Promise.resolve(0),
    ipv6: ipv6 && { host: ipv6.host, port: ipv6.socket.port },
    async punch(host, ends) {
      const used = host.host.includes(":") ? ipv6 : ipv4;
      if (used === undefined) throw new LinkError("unreachable", "no socket for it");
      return used.socket.meet("caller", host, ends);
    },
    close,
  };
}

/** A socket that asks the ID server for its own port; undefined where there is no IPv4. */
async function overIpv4(
  server: ServerAddress,
  random: Random,
  signal: AbortSignal,
): Promise<{ readonly socket: PunchSocket; readonly server: string; readonly port: Promise<number> } | undefined> {
  let to: ServerAddress;
  if (!(await hasIpv4())) return undefined;
  try {
    to = { host: await ipv4Of(server.host), port: server.port };
  } catch {
    return undefined;
  }
  const socket = await PunchSocket.open(random);
  const port = socket.publicPort(to, signal).catch(() => 0);
  // Without an answer the socket still waits for one, and would lose a datagram of the host to it.
  void port.then((found) => found === 0 && socket.close());
  return { socket, server: formatServerAddress(to), port };
}

/** A socket at this machine's public address; undefined without one. */
async function overIpv6(random: Random): Promise<{ readonly socket: PunchSocket; readonly host: string } | undefined> {
  const host = await publicIpv6();
  return host === undefined ? undefined : { socket: await PunchSocket.open(random, host), host };
}

/** UDP and TCP need an address; an ID server behind a WebSocket has none of these ways. */
function addressIn(text: string): ServerAddress {
  const server = /^wss?:/.test(text) ? undefined : parseServerAddress(text, 0);
  if (server === undefined) throw new LinkError("not-found", "not an address");
  return server;
}
