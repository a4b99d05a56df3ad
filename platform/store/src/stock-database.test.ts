import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { openDatabase } from "./database.ts";
import { devicesIn } from "./devices.ts";
import { readStockDevices } from "./stock-database.ts";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-stock-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A database as docs/protocol/rendezvous.md, section 5.2, has it. It stays open, as that of a running server. */
function stockDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE peer (guid blob primary key not null, id varchar(100) not null, uuid blob not null, pk blob not null,
      created_at datetime not null default (current_timestamp), user blob, status tinyint, note varchar(300),
      info text not null) without rowid;
    CREATE UNIQUE INDEX index_peer_id ON peer (id)`);
  return database;
}

let guid = 0;
function addPeer(database: DatabaseSync, id: string, uuid: Uint8Array, pk: Uint8Array, info = "{}"): void {
  database
    .prepare("INSERT INTO peer (guid, id, uuid, pk, info) VALUES (?, ?, ?, ?, ?)")
    .run(Uint8Array.of(++guid), id, uuid, pk, info);
}

test("devices of a stock server are read while it runs, write-ahead log and all, and mapped addresses are plain", (t) => {
  const path = join(folderOf(t), "db_v2.sqlite3");
  const stock = stockDatabase(path);
  t.after(() => stock.close());
  addPeer(stock, "123456789", Uint8Array.of(1, 2), key(7), '{"ip":"::ffff:192.0.2.9"}');
  addPeer(stock, "my-laptop", Uint8Array.of(3), key(8), '{"ip":"2001:db8::1"}');
  addPeer(stock, "987654321", Uint8Array.of(4), key(9), "not json");
  const { records, rejected } = readStockDevices(path);
  assert.deepEqual(rejected, []);
  assert.deepEqual(
    records.map(({ id, uuid, publicKey, address }) => [id, [...uuid], publicKey[0], address]),
    [
      ["123456789", [1, 2], 7, "192.0.2.9"],
      ["my-laptop", [3], 8, "2001:db8::1"],
      ["987654321", [4], 9, ""],
    ],
  );
});

test("rows no device can have written are named and left out", (t) => {
  const path = join(folderOf(t), "db_v2.sqlite3");
  const stock = stockDatabase(path);
  addPeer(stock, "123456789", Uint8Array.of(1), key(7));
  addPeer(stock, "short", Uint8Array.of(1), key(7));
  addPeer(stock, "with space", Uint8Array.of(1), key(7));
  addPeer(stock, "no-uuid", new Uint8Array(0), key(7));
  addPeer(stock, "no-key", Uint8Array.of(1), key(7).subarray(1));
  stock.close();
  const { records, rejected } = readStockDevices(path);
  assert.deepEqual(
    records.map(({ id }) => id),
    ["123456789"],
  );
  assert.deepEqual(rejected.map(({ id }) => id).sort(), ["no-key", "no-uuid", "short", "with space"]);
});

test("a backup that may not be written to is read too, and an older table without addresses", (t) => {
  const folder = folderOf(t);
  const path = join(folder, "db_v2.sqlite3");
  const old = new DatabaseSync(path);
  old.exec("PRAGMA journal_mode = WAL; CREATE TABLE peer (id text, uuid text, pk blob)");
  old.prepare("INSERT INTO peer VALUES (?, ?, ?)").run("123456789", "machine-id", key(7));
  old.close();
  chmodSync(folder, 0o555);
  const [record] = asNobody(() => readStockDevices(path)).records;
  assert.equal(Buffer.from(record?.uuid ?? []).toString(), "machine-id");
  assert.deepEqual(readdirSync(folder), ["db_v2.sqlite3"]);
});

/** Root may write everywhere; a moment as somebody else shows what others see. */
function asNobody<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

test("what is no stock database is an error that says so", (t) => {
  const folder = folderOf(t);
  const missing = join(folder, "none.sqlite3");
  assert.throws(() => readStockDevices(missing), { name: "StoreError", code: "io" });
  writeFileSync(join(folder, "text"), "this is no database, however long it may be".repeat(100));
  assert.throws(() => readStockDevices(join(folder, "text")), { name: "StoreError", code: "damaged" });
  new DatabaseSync(join(folder, "other")).close();
  assert.throws(() => readStockDevices(join(folder, "other")), { code: "damaged", message: /no devices of a stock/ });
});

test("taking devices in is done once however often it is asked, and what is here stays as it is", (t) => {
  const database = openDatabase(join(folderOf(t), "pulpit.sqlite3"));
  t.after(() => database.close());
  const devices = devicesIn(database);
  const record = (id: string, uuid: number, fill: number) => ({
    id,
    uuid: Uint8Array.of(uuid),
    publicKey: key(fill),
    address: "192.0.2.1",
  });
  devices.put(record("of-somebody", 1, 1));
  devices.put(record("with-other-key", 2, 2));
  const theirs = [record("of-somebody", 9, 9), record("with-other-key", 2, 9), record("new-one", 3, 3)];
  const conflicts = [
    { id: "of-somebody", why: "uuid" },
    { id: "with-other-key", why: "key" },
  ];
  assert.deepEqual(devices.adopt(theirs, "only-look"), { added: 1, unchanged: 0, conflicts });
  assert.equal(devices.count(), 2);
  assert.deepEqual(devices.adopt(theirs, "keep"), { added: 1, unchanged: 0, conflicts });
  assert.deepEqual(devices.adopt(theirs, "keep"), { added: 0, unchanged: 1, conflicts });
  assert.deepEqual([devices.get("of-somebody")?.uuid[0], devices.get("with-other-key")?.publicKey[0]], [1, 2]);
});

test("devices are taken in all or none", (t) => {
  const database = openDatabase(join(folderOf(t), "pulpit.sqlite3"));
  t.after(() => database.close());
  const devices = devicesIn(database);
  function* broken() {
    yield { id: "first-one", uuid: Uint8Array.of(1), publicKey: key(1), address: "" };
    throw new Error("the file ended");
  }
  assert.throws(() => devices.adopt(broken(), "keep"), /the file ended/);
  assert.equal(devices.count(), 0);
});
