import type { StatusAnswer } from "@pulpit/admin";
import type { ProcessFigures } from "@pulpit/gateway";
import type { Servers } from "../servers.ts";
import { pulpitVersion } from "../version.ts";

/** How a server is, as of now. */
export function statusOf(servers: Servers, process: ProcessFigures): StatusAnswer {
  const { rendezvous, relay, gateway } = servers;
  const id = rendezvous.stats();
  const pairs = relay.stats();
  const web = gateway.figures();
  return {
    version: pulpitVersion(),
    startedAt: iso(process.started),
    uptimeSeconds: Math.max(0, Math.floor(Date.now() / 1000 - process.started)),
    state: servers.state,
    ports: {
      "ID server": rendezvous.ports.main,
      "NAT test": rendezvous.ports.natTest,
      "ID server, WebSocket": rendezvous.ports.websocket,
      relay: relay.ports.main,
      "relay, WebSocket": relay.ports.websocket,
      web: gateway.port,
      ...(gateway.redirectPort === undefined ? {} : { redirect: gateway.redirectPort }),
      ...(servers.operationsPort === undefined ? {} : { metrics: servers.operationsPort }),
    },
    devices: { known: id.devicesKnown, online: id.devicesOnline, wishes: id.wishes },
    idServer: {
      connections: id.connections,
      waitingViewers: id.waitingViewers,
      refusedConnections: id.refusedConnections,
      failedWrites: id.failedWrites,
      datagrams: id.datagrams.received,
      path: id.datagramPath,
    },
    relay: {
      connections: pairs.connections,
      waiting: pairs.waiting,
      pairs: pairs.pairs,
      throttledPairs: pairs.throttledPairs,
      pairsEver: pairs.pairsEver,
      bytes: pairs.bytes,
      path: pairs.dataPath,
    },
    web: {
      connections: web.connections,
      ...(web.tlsExpires === undefined ? {} : { tlsExpires: iso(web.tlsExpires) }),
    },
    residentBytes: process.residentBytes,
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
