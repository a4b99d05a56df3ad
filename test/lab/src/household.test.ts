import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Agent } from "./agent/agent.ts";
import { skipWithoutLab } from "./availability.ts";
import { type Lab, openLab } from "./lab.ts";
import { openObserver } from "./observer/open-observer.ts";
import { OBSERVER_PORTS, OPEN_PORT } from "./observer/question.ts";
import { punch } from "./punch.ts";

const PATIENCE = 2000;
const CLOSED_PORT = 4000;

describe("one household", { skip: skipWithoutLab() }, () => {
  let lab: Lab<"straight" | "turning" | "rejecting" | "office">;
  before(async () => {
    lab = await openLab({
      sides: {
        straight: { nat: "port-restricted", hosts: 2 },
        turning: { nat: "full-cone", hosts: 2, hairpin: true },
        rejecting: { nat: "port-restricted", unsolicited: "reject" },
        office: { nat: "only-tcp-443" },
      },
    });
    await openObserver(lab.server);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  const agentsOf = (side: "straight" | "turning"): readonly [Agent, Agent] => {
    const [first, second] = lab.side(side).hosts.map((host) => new Agent(host));
    return [first as Agent, second as Agent];
  };

  test("two hosts that use the same port have different ones outside, and keep them", async () => {
    const order = { servers: lab.server.addresses.ipv4, localPort: 5000 };
    const [one, other] = await Promise.all(agentsOf("straight").map((host) => host.ask("probe", order)));
    assert.ok(one?.type === "open" && other?.type === "open");
    assert.deepEqual([one.mapping, other.mapping], ["endpoint-independent", "endpoint-independent"]);
    assert.equal(one.outer.address, other.outer.address);
    assert.notEqual(one.outer.port, other.outer.port);
  });

  test("hosts behind one NAT meet by their outer address only where it turns packets around", async () => {
    for (const [side, expected] of [
      ["straight", "missed"],
      ["turning", "met"],
    ] as const) {
      const options = { transport: "udp", server: lab.server.address, patience: PATIENCE } as const;
      const [one, other] = await punch(...agentsOf(side), options);
      assert.deepEqual([one.type, other.type], [expected, expected], side);
      // RFC 4787, REQ-9: the other one is seen at its outer address too.
      if (one.type === "met") assert.equal(one.from.address, lab.side(side).publicAddress);
    }
  });

  test("what nobody asked for is dropped without a word, or rejected", async () => {
    const outside = new Agent(lab.server);
    for (const transport of ["udp", "tcp"] as const) {
      const at = (side: "straight" | "rejecting"): Promise<string> =>
        outside.ask("knock", { transport, at: { address: lab.side(side).publicAddress ?? "", port: CLOSED_PORT } });
      assert.deepEqual(await Promise.all([at("straight"), at("rejecting")]), ["silent", "refused"], transport);
    }
  });

  test("where only TCP to port 443 is open, nothing else gets out", async () => {
    const inside = new Agent(lab.side("office"));
    const { address } = lab.server;
    const knock = (transport: "udp" | "tcp", port: number): Promise<string> =>
      inside.ask("knock", { transport, at: { address, port } });
    const [web, other, datagram] = await Promise.all([
      knock("tcp", OPEN_PORT),
      knock("tcp", OBSERVER_PORTS[0]),
      knock("udp", OPEN_PORT),
    ]);
    assert.deepEqual([web, other, datagram], ["answered", "silent", "silent"]);
  });
});
