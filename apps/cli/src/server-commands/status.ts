import type { StatusAnswer } from "@pulpit/admin";
import { nothingMore, type ServerCommand } from "./server-command.ts";
import { amount, duration, sheet } from "./table.ts";

export const status: ServerCommand = {
  name: "status",
  usage: [["status", "How the server is"]],
  async run({ args, ask }) {
    nothingMore(args);
    const value = await ask("status", {});
    return { value, text: sheet(rows(value)) };
  },
};

function rows(of: StatusAnswer): readonly (readonly [string, string])[] {
  const { devices, idServer, relay, web } = of;
  return [
    ["Pulpit", `${of.version}, ${of.state} for ${duration(of.uptimeSeconds)}, ${amount(of.residentBytes)} of memory`],
    [
      "Ports",
      Object.entries(of.ports)
        .map(([name, port]) => `${port} ${name}`)
        .join("; "),
    ],
    ["Devices", `${devices.online} online, ${devices.known} known, ${devices.wishes} waiting for you`],
    ["Viewers", `${idServer.waitingViewers} waiting for an answer`],
    [
      "ID server",
      `${idServer.connections} connections, ${idServer.refusedConnections} refused; ${idServer.datagrams} datagrams (${idServer.path} path)`,
    ],
    ["Database", idServer.failedWrites === 0 ? "every change was written" : `${idServer.failedWrites} changes refused`],
    [
      "Relay",
      `${relay.pairs} pairs (${relay.throttledPairs} throttled), ${relay.waiting} waiting; ${relay.pairsEver} pairs and ${amount(relay.bytes)} since the start (${relay.path} path)`,
    ],
    ["Web", `${web.connections} connections`],
    ["TLS", web.tlsExpires === undefined ? "no certificate here" : `the certificate is good until ${web.tlsExpires}`],
  ];
}
