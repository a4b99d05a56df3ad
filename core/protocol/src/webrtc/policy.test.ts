import assert from "node:assert/strict";
import { test } from "node:test";
import { hostPolicy, viewerPlan } from "./policy.ts";
import { routeOf } from "./route.ts";

test("a viewer offers as in the table of section 10.1", () => {
  const normal = { webrtc: true, proxy: false, relayWanted: false, webSocket: false, turn: false };
  const plan = (change: object): unknown => viewerPlan({ ...normal, ...change });
  const open = { forceRelay: false, symmetric: false };
  const forced = { forceRelay: true, symmetric: true };
  assert.deepEqual(plan({}), { ...open, offer: "all" });
  assert.deepEqual(plan({ turn: true }), { ...open, offer: "all" });
  assert.deepEqual(plan({ webrtc: false }), { ...open, offer: undefined });
  assert.deepEqual(plan({ webSocket: true }), { ...forced, offer: "all" });
  for (const webSocket of [false, true]) {
    assert.deepEqual(plan({ webSocket, relayWanted: true, turn: true }), { ...forced, offer: "relay" });
    assert.deepEqual(plan({ webSocket, relayWanted: true }), { ...forced, offer: undefined });
    for (const turn of [false, true]) {
      assert.deepEqual(plan({ webSocket, turn, proxy: true }), { ...forced, offer: undefined });
    }
  }
});

test("a host answers as in the table of section 10.2, its own rule first", () => {
  for (const turn of [false, true]) {
    for (const declaresAll of [false, true]) {
      for (const forceRelay of [false, true]) {
        const situation = { turn, declaresAll, forceRelay, proxy: false, rule: "all" } as const;
        const relayed = turn ? "relay" : undefined;
        assert.equal(hostPolicy(situation), forceRelay && !declaresAll ? relayed : "all");
        assert.equal(hostPolicy({ ...situation, proxy: true }), undefined);
        assert.equal(hostPolicy({ ...situation, rule: "off" }), undefined);
        assert.equal(hostPolicy({ ...situation, rule: "relay" }), relayed);
      }
    }
  }
});

test("a path is direct when neither end is a relay's, known by type or by address", () => {
  const local = { address: "192.0.2.1", port: 1, kind: "host" };
  const remote = { address: "192.0.2.2", port: 2, kind: "prflx" };
  const relay = { address: "192.0.2.2", port: 2, kind: "relay" } as const;
  assert.equal(routeOf({ local, remote }, []), "direct");
  assert.equal(routeOf({ local, remote }, [{ ...relay, port: 3 }]), "direct");
  assert.equal(routeOf({ local, remote }, [relay]), "relay");
  assert.equal(routeOf({ local, remote: { ...remote, kind: "relay" } }, []), "relay");
  assert.equal(routeOf({ local: { ...local, kind: "relay" }, remote }, []), "relay");
  assert.equal(routeOf({ local, remote: { ...remote, kind: undefined } }, []), "relay");
  assert.equal(routeOf(undefined, []), "relay");
});
