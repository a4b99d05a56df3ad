import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Agent } from "./agent/agent.ts";
import { skipWithoutLab } from "./availability.ts";
import { type Lab, openLab } from "./lab.ts";
import type { Behaviour } from "./nat/behaviours.ts";
import { openObserver } from "./observer/open-observer.ts";
import type { SideOptions } from "./options.ts";
import { punch } from "./punch.ts";
import { SCENARIOS } from "./scenarios.ts";
import { canPunch } from "./theory.ts";

/** Enough for a machine that has other things to do; only pairs that cannot meet need all of it, ms. */
const PATIENCE = 4000;
const FIREWALLED: Behaviour = { mapping: "endpoint-independent", filtering: "address-and-port-dependent" };
const OPEN: Behaviour = { mapping: "endpoint-independent", filtering: "endpoint-independent" };

const names = Object.keys(SCENARIOS);
const sides: Record<string, SideOptions> = {
  firewalled: { ipv4: false, ipv6: "firewalled" },
  "firewalled-2": { ipv4: false, ipv6: "firewalled" },
  unfiltered: { ipv4: false, ipv6: "open" },
};
for (const [name, { side }] of Object.entries(SCENARIOS)) {
  sides[name] = side;
  // So that a household of a kind can meet another one of its kind.
  sides[`${name}-2`] = side;
}

describe("every path between two hosts", { skip: skipWithoutLab() }, () => {
  let lab: Lab<string>;
  const agents = new Map<string, Agent>();
  const agent = (name: string): Agent => {
    const known = agents.get(name) ?? new Agent(lab.side(name));
    agents.set(name, known);
    return known;
  };
  before(async () => {
    lab = await openLab({ sides });
    await openObserver(lab.server);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  async function assertBehaviour(name: string, promised: Behaviour, family: "ipv4" | "ipv6"): Promise<void> {
    const probe = await agent(name).ask("probe", { servers: lab.server.addresses[family] });
    const found = probe.type === "open" ? { mapping: probe.mapping, filtering: probe.filtering } : "blocked";
    assert.deepEqual(found, promised, name);
    const side = lab.side(name);
    const outside = family === "ipv6" ? side.ipv6 : side.publicAddress;
    if (probe.type === "open") assert.equal(probe.outer.address, outside, name);
  }

  test("NATs map and filter as their kind promises", async () => {
    await Promise.all(names.map((name) => assertBehaviour(name, SCENARIOS[name]?.udp as Behaviour, "ipv4")));
  });

  test("IPv6 is not translated, and filtered only where there is a firewall", async () => {
    await Promise.all([assertBehaviour("firewalled", FIREWALLED, "ipv6"), assertBehaviour("unfiltered", OPEN, "ipv6")]);
  });

  for (const transport of ["udp", "tcp"] as const)
    test(`holes are punched over ${transport} through all pairs of NATs but those of which theory says no`, async () => {
      const pairs = names.flatMap((a, i) => names.slice(i).map((b) => [a, b] as const));
      const outcomes = await Promise.all(
        pairs.map(async ([a, b]) => {
          const options = { transport, server: lab.server.address, patience: PATIENCE };
          const met = await punch(agent(a), agent(`${b}-2`), options);
          return [`${a} and ${b}`, met.every(({ type }) => type === "met")] as const;
        }),
      );
      const theory = pairs.map(([a, b]) => {
        const [one, other] = [SCENARIOS[a], SCENARIOS[b]];
        return [`${a} and ${b}`, one && other && canPunch(one.actsAs, other.actsAs, transport)] as const;
      });
      assert.deepEqual(outcomes, theory);
    });

  test("two hosts behind firewalls reach each other over IPv6", async () => {
    const options = { transport: "udp", server: lab.server.addresses.ipv6[0], patience: PATIENCE } as const;
    const [one, other] = await punch(agent("firewalled"), agent("firewalled-2"), options);
    assert.equal(one.type === "met" && one.from.address, lab.side("firewalled-2").ipv6);
    assert.equal(other.type === "met" && other.from.address, lab.side("firewalled").ipv6);
  });
});
