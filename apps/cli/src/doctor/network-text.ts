import type { NatFiltering, NatMapping } from "@pulpit/protocol";
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
  "certificate-expired": "its certificate has expired; if that can't be, look at the clock here",
  "certificate-not-yet-valid": "its certificate is not valid yet; the clock here may be behind",
  "certificate-untrusted": "its certificate is signed by nobody this machine trusts",
  "certificate-other-name": "its certificate is for another name",
  "no-tls": "what answers there does not speak TLS",
};

const KEYS: Readonly<Record<KeyCheck, string>> = {
  proved: "The server has proved that it holds the key you gave.",
  "wrong-key": "Whoever answers there does NOT hold the key you gave. Compare it with what 'pulpit server' prints.",
  "not-offered": "The server proves its key in its answers about hosts only, as stock servers do.",
  "not-reached": "The server was not reached, so its key is not known.",
  "not-asked": "Through the web address it is the certificate that proves the server.",
};

const MAPPINGS: Readonly<Record<NatMapping, string>> = {
  kept: "not changed on the way",
  same: "changed, and the same towards two ports of the server",
  changing: "another one towards each port of the server",
  unknown: "not known",
};

const FILTERINGS: Readonly<Record<NatFiltering, string>> = {
  "open-to-other-ports": "let in from another port of whom was spoken to",
  strict: "kept out: only the very port that was spoken to may answer",
  unknown: "not known",
};

/** What can be expected where nobody can be told where to knock. */
const CHANGING =
  "This router gives every connection another port: direct connections work only with people whose router is lenient or absent; others go through the relay.";

/** … and where they can, by who is let in. */
const HOLES: Readonly<Record<Exclude<NatFiltering, "unknown">, string>> = {
  "open-to-other-ports": "Hole punching by UDP works with everybody whose UDP gets out.",
  strict:
    "Hole punching by UDP works with everybody but those behind a NAT that gives every connection another port; with them it is the relay.",
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
  const { lanAddress, ipv6, udp, mapping, udpMapping, udpFiltering, serverIsNear } = network;
  const datagrams =
    udp === "no-answer"
      ? "no answer from the server"
      : udp.localPort === udp.outerPort
        ? `the server sees port ${udp.outerPort}, this socket's own`
        : `the server sees port ${udp.outerPort} for our ${udp.localPort}`;
  // What is between this machine and a server beside it says nothing of what is between it and others.
  const ofDatagrams = serverIsNear
    ? []
    : [`  Ports of UDP          ${MAPPINGS[udpMapping]}`, `  UDP from other ports  ${FILTERINGS[udpFiltering]}`];
  return [
    "This network",
    `  Address here          ${lanAddress ?? "none that leads to the server"}`,
    `  Public IPv6 address   ${ipv6 ?? "none"}`,
    `  UDP                   ${datagrams}`,
    ...ofDatagrams,
    `  Ports of TCP          ${MAPPINGS[mapping]}`,
    "",
    `  ${outlook(network)}`,
  ];
}

/** What can be expected of this network. */
export function outlook(network: OwnNetwork): string {
  const over6 = network.ipv6 === undefined ? "" : " Over IPv6 direct connections work with everybody who has it too.";
  return `${overIpv4(network)}${over6}`;
}

function overIpv4({ udp, mapping, udpMapping, udpFiltering, serverIsNear }: OwnNetwork): string {
  if (serverIsNear) return "The server is in this network as well, so nothing is learned about the router.";
  // A hole is punched unless one end comes from a port nobody was told of, and the other end lets in no such port.
  const ofPorts = udpMapping === "unknown" ? mapping : udpMapping;
  if (ofPorts === "changing") return CHANGING;
  if (udpMapping !== "unknown" && udpFiltering !== "unknown") return HOLES[udpFiltering];
  if (udp === "no-answer") {
    return mapping === "unknown"
      ? "Nothing is known of this way out but what is said above; without an answer over UDP expect the relay."
      : "UDP does not get out, or the server does not answer it: only TCP and the relay are left. Direct connections by TCP work with most people.";
  }
  return "Direct connections work with nearly everybody; with people whose router gives every connection another port it is the relay.";
}
