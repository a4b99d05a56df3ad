import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { openDatabase } from "./database.ts";
import { devicesIn } from "./devices.ts";
import { wishesIn } from "./wishes.ts";

const record = { id: "123456789", uuid: Uint8Array.of(1), publicKey: new Uint8Array(32).fill(7), address: "192.0.2.1" };

function pathOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-faults-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "pulpit.sqlite3");
}

test("a database that somebody else holds refuses at once, keeps nothing, and works again afterwards", (t) => {
  const path = pathOf(t);
  const database = openDatabase(path);
  t.after(() => database.close());
  const devices = devicesIn(database);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  assert.throws(() => devices.put(record), { name: "StoreError", code: "busy", retryable: true });
  assert.throws(() => devices.adopt([record], "keep"), { name: "StoreError", code: "busy" });
  assert.equal(devices.get(record.id), undefined);
  other.exec("ROLLBACK");
  other.close();
  devices.put(record);
  assert.equal(devices.count(), 1);
});

test("a disk without room refuses, nothing of a half-done change stays, and reading goes on", (t) => {
  const database = openDatabase(pathOf(t));
  t.after(() => database.close());
  const devices = devicesIn(database);
  devices.put(record);
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...record, id: `device-${i}`, uuid: new Uint8Array(256) }));
  assert.throws(() => devices.adopt(many, "keep"), { name: "StoreError", code: "full", retryable: false });
  assert.equal(devices.count(), 1);
  assert.ok(devices.get(record.id) !== undefined);
  database.exec("PRAGMA max_page_count = 1000000");
  assert.equal(devices.adopt(many, "keep").added, 1000);
});

test("what is no database, or half of one, is an error with a code, and a check tells", (t) => {
  const path = pathOf(t);
  writeFileSync(path, "certainly no database ".repeat(1000));
  assert.throws(() => openDatabase(path), { name: "StoreError", code: "damaged" });
  rmSync(path);
  const database = openDatabase(path);
  const uuid = new Uint8Array(200);
  devicesIn(database).adopt(
    Array.from({ length: 2000 }, (_, i) => ({ ...record, id: `device-${i}`, uuid })),
    "keep",
  );
  assert.deepEqual(devicesIn(database).damage(), []);
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xaa, 40 * 4096, 45 * 4096);
  writeFileSync(path, bytes);
  const broken = openDatabase(path);
  t.after(() => broken.close());
  assert.notDeepEqual(devicesIn(broken).damage(), []);
});

test("a wish is granted once; for an ID that has become another device's it is not", (t) => {
  const database = openDatabase(pathOf(t));
  t.after(() => database.close());
  const devices = devicesIn(database);
  const wishes = wishesIn(database);
  wishes.put("enrolment", record);
  assert.equal(wishes.grant(record.id)?.kind, "enrolment");
  assert.equal(wishes.grant(record.id), undefined);
  assert.equal(devices.get(record.id)?.publicKey[0], 7);
  wishes.put("key", { ...record, publicKey: new Uint8Array(32).fill(8) });
  wishes.grant(record.id);
  assert.equal(devices.get(record.id)?.publicKey[0], 8);
  wishes.put("enrolment", { ...record, uuid: Uint8Array.of(9), publicKey: new Uint8Array(32).fill(9) });
  assert.equal(wishes.grant(record.id), undefined);
  assert.deepEqual([devices.get(record.id)?.publicKey[0], wishes.count()], [8, 0]);
});
