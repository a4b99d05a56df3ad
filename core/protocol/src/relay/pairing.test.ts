import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import fc from "fast-check";
import { freshUuid } from "./joining.ts";
import { type Arrival, Pairing, type RelayPolicy, type RelayRequest } from "./pairing.ts";
import { issueTicket } from "./ticket.ts";

const LIMITS = { waiting: 20, waitingPerAddress: 5 };
const crypto = nodeCrypto();
const server = crypto.signKeyPair(new Uint8Array(32).fill(3));
const UUID = "0b7e0c1e-0000-4000-8000-000000000000";
const NOTHING = new Uint8Array(0);

/** A relay that wants the key "key", and what comes of arrivals there. */
class Table<Party> {
  readonly pairing: Pairing<Party>;

  constructor(policy: RelayPolicy = { type: "key", text: "key" }) {
    this.pairing = new Pairing<Party>(LIMITS, policy);
  }

  arrived(uuid: string, party: Party, address: string, now: number, shown: Partial<RelayRequest> = {}): Arrival<Party> {
    const request = { uuid, licenceKey: "key", relayTicket: NOTHING, ...shown };
    return this.pairing.arrived(request, party, address, now, 1_800_000_000);
  }
}

test("two that show the same uuid are joined, in either order", () => {
  const table = new Table<string>();
  assert.deepEqual(table.arrived("a", "host", "h", 0), { type: "waiting" });
  assert.deepEqual(table.arrived("b", "other", "o", 0), { type: "waiting" });
  assert.deepEqual(table.arrived("a", "viewer", "v", 1), { type: "paired", first: "host" });
  assert.deepEqual(table.pairing.expired(30_002), ["other"]);
  assert.equal(table.pairing.waiting, 0);
});

test("a third is refused while the pair lives and for as long after as a ticket may still be good", () => {
  const table = new Table<string>();
  const inUse = { type: "refused", why: "uuid-in-use" };
  table.arrived("a", "host", "h", 0);
  table.arrived("a", "viewer", "v", 1);
  for (const now of [2, 60_000, 100_000_000]) {
    assert.deepEqual(table.arrived("a", "third", "t", now), inUse);
    assert.deepEqual(table.pairing.expired(now), []);
  }
  table.pairing.parted("a", 100_000_000);
  assert.deepEqual(table.arrived("a", "third", "t", 100_149_999), inUse);
  table.pairing.expired(100_150_000);
  assert.deepEqual(table.arrived("a", "fourth", "t", 100_150_000), { type: "waiting" });
});

test("without the right key, or with an impossible uuid, nobody waits", () => {
  const table = new Table<string>();
  const wrong = { type: "refused", why: "wrong-key" };
  assert.deepEqual(table.arrived("a", "x", "h", 0, { licenceKey: "wrong" }), wrong);
  assert.deepEqual(table.arrived("a", "x", "h", 0, { licenceKey: "" }), wrong);
  assert.deepEqual(table.arrived("", "x", "h", 0), { type: "refused", why: "bad-uuid" });
  assert.deepEqual(table.arrived("u".repeat(129), "x", "h", 0), { type: "refused", why: "bad-uuid" });
  assert.equal(table.pairing.waiting, 0);
  const open = new Table<string>({ type: "open" });
  assert.equal(open.arrived("a", "x", "h", 0, { licenceKey: "" }).type, "waiting");
});

test("where tickets are wanted, the public key lets nobody in, and each ticket is for its own uuid", () => {
  const table = new Table<string>({ type: "ticket", crypto, serverPublicKey: server.publicKey });
  const ticket = issueTicket(crypto, { uuid: UUID, until: 1_800_000_100 }, server.secretKey);
  const old = issueTicket(crypto, { uuid: UUID, until: 1_799_999_900 }, server.secretKey);
  const refused = { type: "refused", why: "no-ticket" };
  assert.deepEqual(table.arrived(UUID, "stock", "s", 0), refused);
  assert.deepEqual(table.arrived(UUID, "late", "l", 0, { relayTicket: old }), refused);
  assert.deepEqual(table.arrived(UUID.replace("0b", "0c"), "thief", "t", 0, { relayTicket: ticket }), refused);
  assert.equal(table.arrived(UUID, "host", "h", 0, { relayTicket: ticket }).type, "waiting");
  assert.equal(table.arrived(UUID, "viewer", "v", 0, { relayTicket: ticket }).type, "paired");
  assert.deepEqual(table.arrived(UUID, "third", "t", 0, { relayTicket: ticket }).type, "refused");
});

test("one address can't fill the table, and a full table takes nobody but partners", () => {
  const table = new Table<number>();
  for (let i = 0; i < 5; i++) assert.equal(table.arrived(`${i}`, i, "greedy", 0).type, "waiting");
  assert.deepEqual(table.arrived("5", 5, "greedy", 0), { type: "refused", why: "too-many-of-address" });
  for (let i = 5; i < 20; i++) assert.equal(table.arrived(`${i}`, i, `address ${i}`, 0).type, "waiting");
  assert.deepEqual(table.arrived("20", 20, "newcomer", 0), { type: "refused", why: "too-many" });
  assert.deepEqual(table.arrived("3", 21, "newcomer", 0), { type: "paired", first: 3 });
  assert.equal(table.arrived("20", 20, "newcomer", 0).type, "waiting");
});

test("who leaves is forgotten, and only by itself", () => {
  const table = new Table<string>();
  table.arrived("a", "host", "h", 0);
  table.pairing.left("a", "somebody else");
  assert.equal(table.pairing.waiting, 1);
  table.pairing.left("a", "host");
  assert.equal(table.pairing.waiting, 0);
  assert.equal(table.arrived("a", "viewer", "v", 1).type, "waiting");
});

test("whatever comes and goes in whatever order, nobody is joined twice and nothing is left behind", () => {
  const step = fc.record({
    uuid: fc.constantFrom("a", "b", "c"),
    address: fc.constantFrom("x", "y"),
    leaves: fc.boolean(),
    parts: fc.boolean(),
    pause: fc.nat(20_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new Table<number>();
      const { pairing } = table;
      const waiting = new Map<number, string>();
      const pairs = new Set<string>();
      let now = 0;
      steps.forEach(({ uuid, address, leaves, parts, pause }, party) => {
        now += pause;
        for (const lonely of pairing.expired(now)) assert.ok(waiting.delete(lonely));
        const arrival = table.arrived(uuid, party, address, now);
        if (arrival.type === "waiting") waiting.set(party, uuid);
        else if (arrival.type === "paired") {
          assert.equal(waiting.get(arrival.first), uuid);
          assert.ok(!pairs.has(uuid), "a pair of this uuid lives");
          waiting.delete(arrival.first);
          pairs.add(uuid);
        }
        if (leaves && waiting.delete(party)) pairing.left(uuid, party);
        if (parts && pairs.delete(uuid)) pairing.parted(uuid, now);
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
