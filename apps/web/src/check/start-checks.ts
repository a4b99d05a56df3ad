import type { IceServer } from "@pulpit/protocol";
import type { ServerConfig } from "../state/server-config.ts";
import type { ClockFacts, DoorFacts, Heard, PageFacts } from "./facts.ts";
import { directOutcome, ipv6Outcome, natOutcome, udpOutcome } from "./judge-network.ts";
import { clockVerdict, doorVerdict, pageVerdict } from "./judge-server.ts";
import type { CheckName, Verdict } from "./outcomes.ts";
import { stunServersOf } from "./stun-servers.ts";

/** What a browser is asked. */
export interface Asking {
  page(): Promise<PageFacts>;
  door(address: string, signal: AbortSignal): Promise<DoorFacts>;
  clock(signal: AbortSignal): Promise<ClockFacts>;
  gather(servers: readonly IceServer[], signal: AbortSignal): Promise<Heard>;
}

/** Starts all checks at once; `told` hears of each as it finishes, and of none after the signal. */
export function startChecks(
  config: ServerConfig,
  ask: Asking,
  signal: AbortSignal,
  told: (name: CheckName, verdict: Verdict) => void,
): void {
  async function tell(name: CheckName, finding: Promise<Verdict>): Promise<void> {
    // Whatever a browser makes of a question, the others are answered all the same.
    const verdict = await finding.catch(() => ({ outcome: "not-checked" }) as const);
    if (!signal.aborted) told(name, verdict);
  }
  const { own, other } = stunServersOf(config);
  const hear = async (...servers: readonly (IceServer | undefined)[]): Promise<Heard> => {
    const known = servers.filter((server) => server !== undefined);
    return known.length < servers.length ? "no-server" : ask.gather(known, signal);
  };
  const alone = hear(own);
  const udp = alone.then(udpOutcome);
  const ipv6 = alone.then(ipv6Outcome);
  const nat = Promise.all([alone, hear(other), hear(own, other)]).then(([first, second, both]) =>
    natOutcome({ own: first, other: second, both }),
  );
  const direct = Promise.all([udp, ipv6, nat]).then((outcomes) => directOutcome(...outcomes));
  const verdictOf = async (outcome: Promise<Verdict["outcome"]>): Promise<Verdict> => ({ outcome: await outcome });

  void tell("page", ask.page().then(pageVerdict));
  void tell("id", doorFacts("id", config.idServer));
  void tell("relay", doorFacts("relay", config.relay));
  void tell("clock", ask.clock(signal).then(clockVerdict));
  void tell("udp", verdictOf(udp));
  void tell("ipv6", verdictOf(ipv6));
  void tell("nat", verdictOf(nat));
  void tell("direct", verdictOf(direct));

  async function doorFacts(door: "id" | "relay", address: string): Promise<Verdict> {
    return doorVerdict(door, await ask.door(address, signal));
  }
}
