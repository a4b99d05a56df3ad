import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import fc from "fast-check";
import { freshUuid } from "./joining.ts";
import { Pairing } from "./pairing.ts";

const LIMITS = { waiting: 20, waitingPerAddress: 5 };
const show = (uuid: string, licenceKey = "key"): { uuid: string; licenceKey: string } => ({ uuid, licenceKey });

test("two that show the same uuid are joined, in either order, and a third finds nobody", () => {
  const pairing = new Pairing<string>(LIMITS, "key");
  assert.deepEqual(pairing.arrived(show("a"), "host", "h", 0), { type: "waiting" });
  assert.deepEqual(pairing.arrived(show("b"), "other", "o", 0), { type: "waiting" });
  assert.deepEqual(pairing.arrived(show("a"), "viewer", "v", 1), { type: "paired", first: "host" });
  // It opens a table of its own, and waits there in vain.
  assert.deepEqual(pairing.arrived(show("a"), "third", "t", 2), { type: "waiting" });
  assert.deepEqual(pairing.expired(30_002), ["other", "third"]);
  assert.equal(pairing.waiting, 0);
});

test("without the right key, or with an impossible uuid, nobody waits", () => {
  const pairing = new Pairing<string>(LIMITS, "key");
  assert.deepEqual(pairing.arrived(show("a", "wrong"), "x", "h", 0), { type: "refused", why: "wrong-key" });
  assert.deepEqual(pairing.arrived(show("a", ""), "x", "h", 0), { type: "refused", why: "wrong-key" });
  assert.deepEqual(pairing.arrived(show(""), "x", "h", 0), { type: "refused", why: "bad-uuid" });
  assert.deepEqual(pairing.arrived(show("u".repeat(129)), "x", "h", 0), { type: "refused", why: "bad-uuid" });
  assert.equal(pairing.waiting, 0);
  const open = new Pairing<string>(LIMITS, undefined);
  assert.equal(open.arrived(show("a", ""), "x", "h", 0).type, "waiting");
});

test("one address can't fill the table, and a full table takes nobody but partners", () => {
  const pairing = new Pairing<number>(LIMITS, "key");
  for (let i = 0; i < 5; i++) assert.equal(pairing.arrived(show(`${i}`), i, "greedy", 0).type, "waiting");
  assert.deepEqual(pairing.arrived(show("5"), 5, "greedy", 0), { type: "refused", why: "too-many" });
  for (let i = 5; i < 20; i++) assert.equal(pairing.arrived(show(`${i}`), i, `address ${i}`, 0).type, "waiting");
  assert.deepEqual(pairing.arrived(show("20"), 20, "newcomer", 0), { type: "refused", why: "too-many" });
  assert.deepEqual(pairing.arrived(show("3"), 21, "newcomer", 0), { type: "paired", first: 3 });
  assert.equal(pairing.arrived(show("20"), 20, "newcomer", 0).type, "waiting");
});

test("who leaves is forgotten, and only by itself", () => {
  const pairing = new Pairing<string>(LIMITS, "key");
  pairing.arrived(show("a"), "host", "h", 0);
  pairing.left("a", "somebody else");
  assert.equal(pairing.waiting, 1);
  pairing.left("a", "host");
  assert.equal(pairing.waiting, 0);
  assert.equal(pairing.arrived(show("a"), "viewer", "v", 1).type, "waiting");
});

test("whatever comes and goes in whatever order, nobody is joined twice and nothing is left behind", () => {
  const step = fc.record({
    uuid: fc.constantFrom("a", "b", "c"),
    address: fc.constantFrom("x", "y"),
    leaves: fc.boolean(),
    pause: fc.nat(20_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pairing = new Pairing<number>(LIMITS, "key");
      const waiting = new Map<number, string>();
      let now = 0;
      steps.forEach(({ uuid, address, leaves, pause }, party) => {
        now += pause;
        for (const lonely of pairing.expired(now)) assert.ok(waiting.delete(lonely));
        const arrival = pairing.arrived(show(uuid), party, address, now);
        if (arrival.type === "waiting") waiting.set(party, uuid);
        else if (arrival.type === "paired") {
          assert.equal(waiting.get(arrival.first), uuid);
          waiting.delete(arrival.first);
        }
        if (leaves && waiting.delete(party)) pairing.left(uuid, party);
        assert.equal(pairing.waiting, waiting.size);
      });
      assert.equal(pairing.expired(now + 30_001).length, waiting.size);
      assert.equal(pairing.waiting, 0);
    }),
  );
});

test("a fresh uuid is one of version 4 as text", () => {
  const uuids = Array.from({ length: 100 }, () => freshUuid(nodeRandom()));
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(uuids).size, 100);
});
