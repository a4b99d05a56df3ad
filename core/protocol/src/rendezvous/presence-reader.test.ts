import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import type { HashKey } from "./keyed-hash.ts";
import { packAddress } from "./packed-address.ts";
import { ONLINE_FOR, Presence } from "./presence.ts";
import { openPresence, type Standing } from "./presence-reader.ts";

const KEY: HashKey = [1, 2];
const HOSTS = ["203.0.113.1", "203.0.113.2", "2001:db8::1"] as const;
const bytes = (id: string): Uint8Array => new TextEncoder().encode(id);

function alive(presence: Presence, id: string, host: string, port: number, now: number): Standing {
  const address = new Uint8Array(16);
  assert.ok(packAddress(host, address, 0));
  return openPresence(presence.shared).alive(bytes(id), 0, id.length, { address, at: 0, port }, now);
}

test("a reader knows a device from where it registered, and keeps it online", () => {
  const presence = new Presence(10, KEY);
  presence.registered("123456789", { host: HOSTS[2], port: 5 }, 0);
  assert.equal(alive(presence, "123456789", HOSTS[2], 5, ONLINE_FOR - 1), "known");
  assert.ok(presence.online("123456789", ONLINE_FOR));
  for (const [id, host, port] of [
    ["123456789", HOSTS[2], 6],
    ["123456789", HOSTS[0], 5],
    ["12345678", HOSTS[2], 5],
    ["123456780", HOSTS[2], 5],
  ] as const) {
    assert.equal(alive(presence, id, host, port, 2 * ONLINE_FOR), "stranger");
  }
  assert.equal(presence.online("123456789", 2 * ONLINE_FOR), undefined);
});

test("a reader sees who was told, and takes nobody for a device on a connection or one that was forgotten", () => {
  const presence = new Presence(10, KEY);
  const from = { host: HOSTS[0], port: 5 };
  presence.registered("123456789", from, 0);
  assert.ok(presence.tellOnce("123456789", from, 0));
  assert.equal(alive(presence, "123456789", HOSTS[0], 5, 0), "told");
  presence.registered("123456789", from, 0, 7);
  assert.equal(alive(presence, "123456789", HOSTS[0], 5, 0), "stranger");
  presence.forget("123456789");
  assert.equal(alive(presence, "123456789", HOSTS[0], 5, 0), "stranger");
});

/**
 * Every device of the writer has an address that follows from its ID, so a row of which half belongs to another device
 * is one that is found at an address its ID never had.
 */
const READER = `
  import { workerData, parentPort } from "node:worker_threads";
  const { openPresence } = await import(workerData.reader);
  const presence = openPresence(workerData.shared);
  const stop = new Int32Array(workerData.stop);
  const text = new TextEncoder();
  const addresses = [1, 2, 3].map((n) => Uint8Array.of(0,0,0,0, 0,0,0,0, 0,0,255,255, 10,0,0,n));
  const counts = { known: 0, told: 0, stranger: 0, unsure: 0, mixed: 0 };
  parentPort.postMessage("ready");
  for (let n = 0; Atomics.load(stop, 0) === 0; n++) {
    const i = n % 3;
    const id = text.encode("device-" + i);
    const from = (a) => ({ address: addresses[a], at: 0, port: 1000 });
    counts[presence.alive(id, 0, id.length, from(i), 1)] += 1;
    const wrong = presence.alive(id, 0, id.length, from((i + 1) % 3), 1);
    if (wrong === "known" || wrong === "told") counts.mixed += 1;
  }
  parentPort.postMessage(counts);
`;

test("a reader never takes one device's row for another's while the table changes under it", async () => {
  const presence = new Presence(64, KEY);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const reader = new URL("./presence-reader.ts", import.meta.url).href;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(READER)}`), {
    workerData: { reader, shared: presence.shared, stop: stop.buffer },
  });
  await once(worker, "message");
  // The row that was freed last is the next one taken, so that they all take turns in one.
  for (let n = 0; n < 900_000; n++) {
    assert.ok(presence.registered(`device-${n % 3}`, { host: `10.0.0.${(n % 3) + 1}`, port: 1000 }, 0));
    presence.forget(`device-${n % 3}`);
  }
  Atomics.store(stop, 0, 1);
  const [counts] = (await once(worker, "message")) as [Record<Standing | "mixed", number>];
  await worker.terminate();
  assert.equal(counts.mixed, 0);
  assert.ok(counts.known > 0 && counts.stranger > 0, JSON.stringify(counts));
});
