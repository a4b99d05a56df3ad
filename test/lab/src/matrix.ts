import { Agent } from "./agent/agent.ts";
import type { Probe, Transport } from "./agent/orders.ts";
import { openLab } from "./lab.ts";
import { openObserver } from "./observer/open-observer.ts";
import type { SideOptions } from "./options.ts";
import { punch } from "./punch.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { table } from "./table.ts";
import { canPunch } from "./theory.ts";

/** How long a pair tries to meet, ms. */
const PATIENCE = 4000;

/** A pair that did not do what theory says of it, or a NAT that is not what it promises. */
export interface Matrix {
  readonly text: string;
  readonly asExpected: boolean;
}

/** Measures every scenario and every pair of them. Takes about twenty seconds. */
export async function measureMatrix(): Promise<Matrix> {
  const names = Object.keys(SCENARIOS);
  const sides: Record<string, SideOptions> = {};
  for (const name of names) {
    sides[name] = scenario(name).side;
    sides[`${name}-2`] = scenario(name).side;
  }
  await using lab = await openLab({ sides });
  await openObserver(lab.server);
  const agents = new Map(Object.keys(sides).map((name) => [name, new Agent(lab.side(name))]));
  const agent = (name: string): Agent => agents.get(name) as Agent;

  const probes = await Promise.all(
    names.map((name) => agent(name).ask("probe", { servers: lab.server.addresses.ipv4 })),
  );
  const parts: Matrix[] = [behaviours(names, probes)];
  for (const transport of ["udp", "tcp"] as const) {
    const met = async (a: string, b: string): Promise<boolean> => {
      const ends = await punch(agent(a), agent(`${b}-2`), {
        transport,
        server: lab.server.address,
        patience: PATIENCE,
      });
      return ends.every(({ type }) => type === "met");
    };
    const rows = names.map((a, i) => Promise.all(names.slice(0, i + 1).map((b) => met(a, b))));
    parts.push(pairs(names, await Promise.all(rows), transport));
  }
  return { text: parts.map(({ text }) => text).join("\n"), asExpected: parts.every(({ asExpected }) => asExpected) };
}

function behaviours(names: readonly string[], probes: readonly Probe[]): Matrix {
  let asExpected = true;
  const rows = names.map((name, i) => {
    const probe = probes[i] as Probe;
    const { udp } = scenario(name);
    const same =
      probe.type === "blocked" || udp === "blocked"
        ? probe.type === udp
        : probe.mapping === udp.mapping && probe.filtering === udp.filtering;
    asExpected &&= same;
    const found = probe.type === "blocked" ? ["blocked", "blocked"] : [probe.mapping, probe.filtering];
    return [name, ...found, same ? "" : "not as promised"];
  });
  return { text: `UDP behind each NAT (RFC 4787)\n${table([["", "mapping", "filtering", ""], ...rows])}`, asExpected };
}

function pairs(names: readonly string[], met: readonly (readonly boolean[])[], transport: Transport): Matrix {
  let asExpected = true;
  const rows = names.map((a, row) => [
    a,
    ...names.map((b, column) => {
      const found = met[row]?.[column];
      if (found === undefined) return "";
      const same = found === canPunch(scenario(a).actsAs, scenario(b).actsAs, transport);
      asExpected &&= same;
      return `${found ? "yes" : "-"}${same ? "" : " (!)"}`;
    }),
  ]);
  const title = `Who meets whom over ${transport.toUpperCase()} ("-": needs a relay; "(!)": theory says otherwise)`;
  return { text: `${title}\n${table([["", ...names], ...rows])}`, asExpected };
}

function scenario(name: string): Scenario {
  return SCENARIOS[name] as Scenario;
}
