import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "./database.ts";
import { devicesIn } from "./devices.ts";

const record = {
  id: "123456789",
  uuid: Uint8Array.of(1, 2),
  publicKey: new Uint8Array(32).fill(7),
  address: "192.0.2.1",
};

test("a device is there after the database was closed and opened again", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-store-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = openDatabase(join(folder, "pulpit.sqlite3"));
  devicesIn(first).put(record);
  first.close();
  const second = openDatabase(join(folder, "pulpit.sqlite3"));
  assert.deepEqual({ ...devicesIn(second).get(record.id) }, record);
  assert.equal(devicesIn(second).get("987654321"), undefined);
  second.close();
});

test("a changed key replaces the old one and the uuid stays", () => {
  const database = openDatabase(":memory:");
  const devices = devicesIn(database);
  devices.put(record);
  devices.put({ ...record, uuid: Uint8Array.of(9), publicKey: new Uint8Array(32).fill(8), address: "192.0.2.2" });
  const stored = devices.get(record.id);
  assert.deepEqual([stored?.uuid, stored?.publicKey[0], stored?.address], [record.uuid, 8, "192.0.2.2"]);
  assert.equal(devices.count(), 1);
  database.close();
});

test("a database of a later version is left alone", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-store-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "pulpit.sqlite3");
  const database = openDatabase(path);
  database.exec("PRAGMA user_version = 999");
  database.close();
  assert.throws(() => openDatabase(path), /later version/);
});
