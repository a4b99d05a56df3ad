import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeServerMessage, encodeServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { type UdpPortInput, UdpPortProbe } from "./udp-port-probe.ts";

const from = (message: ServerMessageInit): UdpPortInput => ({
  type: "received",
  message: decodeServerMessage(encodeServerMessage(message)),
});
const answer = (port: number): UdpPortInput => from({ case: "testNatResponse", value: { port } });

test("it asks twice at once, then again and again, until the server says the port", () => {
  const probe = new UdpPortProbe();
  assert.equal(probe.handle({ type: "start" }, 0).length, 2);
  const times: number[] = [];
  for (let i = 0; i < 4; i++) {
    times.push(probe.deadline as number);
    assert.equal(probe.handle({ type: "timeout" }, probe.deadline as number).length, 1);
  }
  assert.deepEqual(times, [20, 50, 95, 162.5]);
  assert.deepEqual(probe.handle(answer(50_000), 170), [{ type: "finish", outcome: 50_000 }]);
});

test("nonsense is no answer, and a server that is silent for a second has none", () => {
  const probe = new UdpPortProbe();
  probe.handle({ type: "start" }, 0);
  for (const port of [0, -1, 65_536]) assert.deepEqual(probe.handle(answer(port), 1), []);
  assert.deepEqual(probe.handle(from({ case: "registerPeerResponse", value: {} }), 2), []);
  let questions = 0;
  for (;;) {
    const now = probe.deadline as number;
    assert.ok(now <= 1000);
    const [effect] = probe.handle({ type: "timeout" }, now);
    if (effect?.type === "finish") {
      assert.equal(effect.outcome, 0);
      break;
    }
    questions += 1;
  }
  assert.ok(questions < 15);
});
