import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Endpoint } from "./device.ts";
import type { HashKey } from "./keyed-hash.ts";
import { ONLINE_FOR, Presence } from "./presence.ts";

const KEY: HashKey = [0x12345678, 0x9abcdef0];
const HERE: Endpoint = { host: "203.0.113.7", port: 50_000 };
const LONG_ID = "a-name-that-is-longer-than-any-row-holds";

interface Row {
  endpoint: Endpoint;
  connection: number;
  seen: number;
  told: boolean;
}

/** The same rules, in the plainest way, without a limit. */
class Model {
  readonly rows = new Map<string, Row>();

  registered(id: string, endpoint: Endpoint, now: number, connection: number): void {
    if (connection !== 0) this.disconnected(connection, id);
    this.rows.set(id, { endpoint, connection, seen: now, told: false });
  }

  alive(id: string, { host, port }: Endpoint, now: number): boolean {
    const row = this.rows.get(id);
    if (row?.endpoint.host !== host || row.endpoint.port !== port || row.connection !== 0) return false;
    row.seen = now;
    return true;
  }

  tellOnce(id: string, from: Endpoint, now: number): boolean {
    const row = this.rows.get(id);
    if (!this.alive(id, from, now) || row === undefined || row.told) return false;
    row.told = true;
    return true;
  }

  disconnected(connection: number, except?: string): void {
    for (const [id, row] of this.rows) if (row.connection === connection && id !== except) this.rows.delete(id);
  }

  online(now: number): string[] {
    return [...this.rows].filter(([, row]) => row.connection !== 0 || now - row.seen < ONLINE_FOR).map(([id]) => id);
  }
}

const id = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }).map((n) => String(100_000_000 + n)) },
  fc.constantFrom(LONG_ID, "", "żółw-pod-ścianą", "x".repeat(24), "x".repeat(25)),
);
const endpoint = fc.record(
  {
    host: fc.constantFrom(
      "203.0.113.7",
      "127.0.0.1",
      "255.255.255.255",
      "2001:db8::1",
      "::1",
      "fe80::1%eth0",
      "a host",
    ),
    port: fc.constantFrom(1, 50_000, 65_535),
  },
  { noNullPrototype: true },
);
const connection = fc.integer({ min: 1, max: 5 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("register" as const), id, endpoint }) },
  fc.record({ do: fc.constant("connect" as const), id, endpoint, connection }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant("alive" as const), id, endpoint }) },
  fc.record({ do: fc.constant("tell" as const), id, endpoint }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("forget" as const), id }) },
  fc.record({ do: fc.constant("disconnect" as const), connection }),
  fc.record({ do: fc.constant("wait" as const), millis: fc.integer({ min: 1, max: ONLINE_FOR }) }),
);

test("the table says what a plain map would say, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const presence = new Presence(100, KEY);
      const model = new Model();
      let now = 1000;
      for (const s of steps) {
        if (s.do === "wait") now += s.millis;
        else if (s.do === "register" || s.do === "connect") {
          const on = s.do === "connect" ? s.connection : 0;
          assert.equal(presence.registered(s.id, s.endpoint, now, on), true);
          model.registered(s.id, s.endpoint, now, on);
        } else if (s.do === "alive") {
          assert.equal(presence.alive(s.id, s.endpoint, now), model.alive(s.id, s.endpoint, now));
        } else if (s.do === "tell") {
          assert.equal(presence.tellOnce(s.id, s.endpoint, now), model.tellOnce(s.id, s.endpoint, now));
        } else if (s.do === "forget") {
          presence.forget(s.id);
          model.rows.delete(s.id);
        } else {
          presence.disconnected(s.connection);
          model.disconnected(s.connection);
        }
        assert.equal(presence.size, model.rows.size);
      }
      assert.equal(presence.countOnline(now), model.online(now).length);
      for (const [each, row] of model.rows) {
        const expected = { id: each, endpoint: row.endpoint, connection: row.connection || undefined };
        assert.deepEqual(presence.get(each), expected);
        assert.equal(presence.online(each, now) !== undefined, model.online(now).includes(each));
      }
    }),
    { numRuns: 300 },
  );
});

test("devices come and go a hundred times over, and every one of those that are there is found", () => {
  const presence = new Presence(500, KEY);
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 500; i++) assert.ok(presence.registered(`${round}-${i}`, HERE, round));
    for (let i = 0; i < 500; i++) assert.equal(presence.get(`${round}-${i}`)?.endpoint.port, HERE.port);
    for (let i = 0; i < 500; i += 2) presence.forget(`${round}-${i}`);
    for (let i = 1; i < 500; i += 2) assert.ok(presence.get(`${round}-${i}`));
    for (let i = 1; i < 500; i += 2) presence.forget(`${round}-${i}`);
    assert.equal(presence.size, 0);
  }
});

test("a full table gives the row of a device that is offline to a newcomer, never that of one that is online", () => {
  const presence = new Presence(10, KEY);
  for (let i = 0; i < 10; i++) assert.ok(presence.registered(`device-${i}`, HERE, i));
  assert.equal(presence.registered("newcomer", HERE, 1000), false);
  assert.ok(presence.registered("device-3", HERE, 1000), "one that has a row keeps it");
  assert.ok(presence.registered("newcomer", HERE, ONLINE_FOR));
  assert.equal(presence.size, 10);
  assert.equal(presence.get("device-0"), undefined, "the only one that was offline");
  assert.ok(presence.get("device-1"));
});

test("devices on connections keep a full table's rows however long they are silent", () => {
  const presence = new Presence(3, KEY);
  for (let i = 1; i <= 3; i++) assert.ok(presence.registered(`device-${i}`, HERE, 0, i));
  assert.equal(presence.registered("newcomer", HERE, 1_000_000), false);
  presence.disconnected(2);
  assert.ok(presence.registered("newcomer", HERE, 1_000_000));
  assert.deepEqual(presence.get("device-1")?.connection, 1);
});

test("devices with long IDs are as many as there are rows at most, and make room in turn", () => {
  const presence = new Presence(2, KEY);
  const [one, two, three] = [1, 2, 3].map((n) => `${LONG_ID}-${n}`) as [string, string, string];
  assert.ok(presence.registered(one, HERE, 0));
  assert.ok(presence.registered(two, HERE, 1));
  assert.equal(presence.registered(three, HERE, 2), false);
  assert.ok(presence.registered(three, HERE, ONLINE_FOR));
  assert.equal(presence.get(one), undefined);
  assert.ok(presence.get(two));
});
