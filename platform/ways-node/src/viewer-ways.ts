import { framed, LinkError } from "@pulpit/link";
import { dialFrom, offerWebRtc, plainAddress, punchTcp } from "@pulpit/link-node";
import { type IceServer, parseServerAddress, type Random, type ServerAddress } from "@pulpit/protocol";
import type { TcpWay, UdpWay, Ways } from "@pulpit/viewer";
import { ipv4Of, isNear, publicIpv6 } from "./addresses.ts";
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
  const to = { host: await ipv4Of(server.host), port: server.port };
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
  const to = { host: await ipv4Of(server.host), port: server.port };
  const address = await publicIpv6();
  const socket = await PunchSocket.open(random);
  const ipv6 = address === undefined ? undefined : await PunchSocket.open(random, address);
  const close = (): void => {
    socket.close();
    ipv6?.close();
  };
  signal.addEventListener("abort", close, { once: true });
  const port = await socket.publicPort(to, signal);
  // Without an answer the socket still waits for one, and would lose a datagram of the host to it.
  if (port === 0) socket.close();
  return {
    port,
    ipv6: ipv6 === undefined || address === undefined ? undefined : { host: address, port: ipv6.port },
    async punch(host, ends) {
      const used = host.host.includes(":") ? ipv6 : socket;
      if (used === undefined || (used === socket && port === 0)) throw new LinkError("unreachable", "no socket for it");
      return used.meet("caller", host, ends);
    },
    close,
  };
}

/** UDP and TCP need an address; an ID server behind a WebSocket has none of these ways. */
function addressIn(text: string): ServerAddress {
  const server = /^wss?:/.test(text) ? undefined : parseServerAddress(text, 0);
  if (server === undefined) throw new LinkError("not-found", "not an address");
  return server;
}
