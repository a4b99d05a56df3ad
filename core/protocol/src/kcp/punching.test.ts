import assert from "node:assert/strict";
import { test } from "node:test";
import { Punching, type PunchingEffect } from "./punching.ts";

const PEER = { host: "192.0.2.1", port: 1000 };
const NOTHING = new Uint8Array(0);

test("both ends knock faster first, then five times a second, for 20 s", () => {
  const machine = new Punching("caller", PEER);
  const times: number[] = [];
  let last: readonly PunchingEffect[] = machine.handle({ type: "start" }, 0);
  let now = 0;
  while (last[0]?.type === "send") {
    assert.equal(last[0].datagram.length, 0);
    assert.deepEqual(last[0].to, PEER);
    times.push(now);
    now = machine.deadline as number;
    last = machine.handle({ type: "timeout" }, now);
  }
  assert.deepEqual(times.slice(0, 4), [0, 20, 50, 95]);
  assert.equal(now, 20_000);
  assert.deepEqual(last, [{ type: "finish", outcome: { type: "unanswered" } }]);
  assert.ok(times.length < 120, `${times.length}`);
});

test("the caller has met the peer at its first datagram, the host only at a call", () => {
  const viewer = new Punching("caller", PEER);
  viewer.handle({ type: "start" }, 0);
  assert.deepEqual(viewer.handle({ type: "received", from: PEER, datagram: NOTHING }, 5), [
    { type: "finish", outcome: { type: "met", peer: PEER, first: undefined } },
  ]);
  const host = new Punching("called", PEER);
  host.handle({ type: "start" }, 0);
  assert.deepEqual(host.handle({ type: "received", from: PEER, datagram: NOTHING }, 5), []);
  const first = Uint8Array.of(1);
  assert.deepEqual(host.handle({ type: "received", from: PEER, datagram: first }, 6), [
    { type: "finish", outcome: { type: "met", peer: PEER, first } },
  ]);
});

test("the port is the one the peer sends from, the host only where that is allowed", () => {
  const elsewhere = { host: "192.0.2.9", port: 1000 };
  const otherPort = { ...PEER, port: 4711 };
  const machine = new Punching("called", PEER);
  machine.handle({ type: "start" }, 0);
  assert.deepEqual(machine.handle({ type: "received", from: elsewhere, datagram: Uint8Array.of(1) }, 1), []);
  machine.handle({ type: "received", from: otherPort, datagram: NOTHING }, 2);
  const [knock] = machine.handle({ type: "timeout" }, 20);
  assert.deepEqual(knock, { type: "send", to: otherPort, datagram: NOTHING });

  const open = new Punching("caller", PEER, { anyHost: true });
  open.handle({ type: "start" }, 0);
  assert.deepEqual(open.handle({ type: "received", from: elsewhere, datagram: NOTHING }, 1), [
    { type: "finish", outcome: { type: "met", peer: elsewhere, first: undefined } },
  ]);
});
