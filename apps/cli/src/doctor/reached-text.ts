import type { Reached, WayTold } from "./reach.ts";

const WAYS: Readonly<Record<string, string>> = {
  lan: "TCP inside the network",
  tcp: "TCP",
  udp: "UDP",
  ipv6: "UDP over IPv6",
  webrtc: "WebRTC",
  relay: "Relay",
};

const WHYS: Readonly<Record<string, string>> = {
  "no-socket": "this machine or network does not have it",
  "server-silent": "the ID server does not answer over UDP: it does not get through",
  "not-answered": "the host did not answer that call",
  "host-relays": "the host comes to the relay only",
  "not-offered": "the host does not offer it",
  "timed-out": "no answer",
  refused: "refused: nobody waits there, or a firewall says no",
  unreachable: "cannot be reached from here",
  reset: "broken off",
  closed: "closed by the other end",
  "bad-identity": "whoever answered could not prove to be this host",
  "relay-failed": "the relay was not reached, or the host did not come to it",
};

const ENDS: Readonly<Record<string, string>> = {
  "unknown-id": "The server has never heard of this ID.",
  offline: "The host is not connected to the server now.",
  "wrong-key": "The server wants another key than the one given.",
  "server-unreachable": "The ID server was not reached; 'pulpit doctor' without an ID tells more.",
  "server-refused": "The server said no.",
  "relay-failed": "No way led to the host, and it did not come to the relay.",
  "no-identity": "The server vouches for no key of this host.",
  "bad-identity": "Whoever answered could not prove to be this host.",
  "timed-out": "No way led to the host in time.",
};

/** Ends before any way could be tried. */
const ABSENT: ReadonlySet<string> = new Set(["unknown-id", "offline", "wrong-key", "server-unreachable"]);

export function reachedLines(hostId: string, reached: Reached): readonly string[] {
  // Where the server knows no such host there was nothing to be tried.
  const ways = reached.end !== undefined && ABSENT.has(reached.end) ? [] : [...reached.ways.map(wayLine), ""];
  return [`Host ${hostId}`, ...ways, `  ${verdict(reached)}`];
}

function wayLine(told: WayTold): string {
  return `  ${(WAYS[told.way] ?? told.way).padEnd(22)} ${outcome(told)}`;
}

function outcome({ outcome: what, why, upAt, endedAt }: WayTold): string {
  switch (what) {
    case "won":
      return `taken, after ${endedAt} ms`;
    case "spare":
      return `works too, after ${endedAt} ms`;
    case "given-up":
      return upAt === undefined
        ? "not through when another one was taken"
        : `coming through after ${upAt} ms, not needed`;
    case "failed":
      return `failed after ${endedAt} ms: ${WHYS[why ?? ""] ?? why}`;
    case "left-out":
      return `not tried: ${WHYS[why ?? ""] ?? why}`;
  }
}

function verdict({ reached, direct, way, path, connectMs, end, detail, fingerprint }: Reached): string {
  if (!reached)
    return `${ENDS[end ?? ""] ?? `Not reached: ${end}.`}${detail === undefined ? "" : ` It says: ${plain(detail)}`}`;
  const how =
    direct === true ? `directly by ${WAYS[way ?? ""] ?? way} (${path?.remote})` : `through the relay (${path?.remote})`;
  return `Reached ${how} in ${connectMs} ms.\n  Fingerprint of its key: ${fingerprint}`;
}

/** The server chooses its words: nothing in them may steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, "");
}
