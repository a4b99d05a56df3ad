import type { OwnNetwork } from "./own-network.ts";
import type { KeyCheck, PortCheck, Purpose, ServerChecks } from "./server-checks.ts";

const PURPOSES: Readonly<Record<Purpose, string>> = {
  id: "ID server",
  "id-datagrams": "ID server, UDP",
  "nat-test": "NAT test",
  "id-websocket": "ID server, WebSocket",
  relay: "Relay",
  "relay-websocket": "Relay, WebSocket",
};

const OUTCOMES: Readonly<Record<string, string>> = {
  open: "open",
  silent: "no answer: UDP does not get through, or the server does not answer such questions",
  refused: "refused: nothing listens there",
  "timed-out": "no answer: a firewall on the way, or the wrong address",
  unreachable: "cannot be reached from this network",
  "not-found": "no such name",
  reset: "broken off by somebody on the way",
  closed: "closed at once",
};

const KEYS: Readonly<Record<KeyCheck, string>> = {
  proved: "The server has proved that it holds the key you gave.",
  "wrong-key": "Whoever answers there does NOT hold the key you gave. Compare it with what 'pulpit server' prints.",
  "not-offered": "The server proves its key in its answers about hosts only, as stock servers do.",
  "not-reached": "The server was not reached, so its key is not known.",
  "not-asked": "Through the web address it is the certificate that proves the server.",
};

/** A difference that people should know of, ms; the server's word has whole seconds. */
const CLOCK_MATTERS = 5_000;

export function serverLines({ ports, key, clockAheadMs }: ServerChecks): readonly string[] {
  const width = Math.max(...ports.map(({ address }) => address.length));
  return [
    "Server",
    ...ports.map((port) => portLine(port, width)),
    "",
    `  ${KEYS[key]}`,
    ...(clockAheadMs === undefined || Math.abs(clockAheadMs) < CLOCK_MATTERS ? [] : [`  ${clockLine(clockAheadMs)}`]),
  ];
}

function portLine({ purpose, address, outcome, ms }: PortCheck, width: number): string {
  const took = outcome === "open" ? `, ${ms} ms` : "";
  return `  ${PURPOSES[purpose].padEnd(21)} ${address.padEnd(width)}  ${OUTCOMES[outcome] ?? outcome}${took}`;
}

function clockLine(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return `The server's clock is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} this machine's.`;
}

export function networkLines(network: OwnNetwork): readonly string[] {
  const { lanAddress, ipv6, udp, mapping } = network;
  const datagrams =
    udp === "no-answer"
      ? "no answer from the server"
      : udp.localPort === udp.outerPort
        ? `the server sees port ${udp.outerPort}, this socket's own`
        : `the server sees port ${udp.outerPort} for our ${udp.localPort}`;
  const ports = {
    kept: "not changed on the way",
    same: "changed, and the same towards two ports of the server",
    changing: "another one towards each port of the server",
    unknown: "not known",
  };
  return [
    "This network",
    `  Address here          ${lanAddress ?? "none that leads to the server"}`,
    `  Public IPv6 address   ${ipv6 ?? "none"}`,
    `  UDP                   ${datagrams}`,
    `  Ports of TCP          ${ports[mapping]}`,
    "",
    `  ${outlook(network)}`,
  ];
}

/** What can be expected of this network. */
export function outlook({ udp, mapping, ipv6, serverIsNear }: OwnNetwork): string {
  const over6 = ipv6 === undefined ? "" : " Over IPv6 they do with everybody who has it too.";
  if (serverIsNear) return `The server is in this network as well, so nothing is learned about the router.${over6}`;
  if (mapping === "changing") {
    return `This router gives every connection another port: direct connections work only with people whose router is lenient or absent; others go through the relay.${over6}`;
  }
  if (udp === "no-answer") {
    return mapping === "unknown"
      ? `Nothing is known of this way out but what is said above; without an answer over UDP expect the relay.${over6}`
      : `UDP does not get through, so direct connections are tried by TCP: they work with most people.${over6}`;
  }
  return `Direct connections work with nearly everybody; with people whose router gives every connection another port it is the relay.${over6}`;
}
