import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord, Directory } from "@pulpit/protocol";

/** The devices an ID server knows, on disk. Whatever changes one is durable against a crash of the process. */
export interface Devices extends Directory {
  /** Inserts or replaces; the uuid of an ID that is there stays. */
  put(record: DeviceRecord): void;
  /** Another ID for a device; a record that has it already gives way. */
  rename(from: string, to: string): void;
  remove(id: string): boolean;
  /** In order of ID, those after `after`. */
  list(after: string, limit: number): readonly DeviceRecord[];
  count(): number;
}

export interface DeviceRow {
  readonly id: string;
  readonly uuid: Uint8Array;
  readonly public_key: Uint8Array;
  readonly address: string;
}

export function devicesIn(database: DatabaseSync): Devices {
  const columns = "id, uuid, public_key, address";
  const select = database.prepare(`SELECT ${columns} FROM device WHERE id = ?`);
  const upsert = database.prepare(
    `INSERT INTO device (${columns}) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, address = excluded.address`,
  );
  const page = database.prepare(`SELECT ${columns} FROM device WHERE id > ? ORDER BY id LIMIT ?`);
  const rename = database.prepare("UPDATE device SET id = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM device WHERE id = ?");
  const size = database.prepare("SELECT count(*) AS n FROM device");
  return {
    get(id) {
      const row = select.get(id) as DeviceRow | undefined;
      return row && recordOf(row);
    },
    put({ id, uuid, publicKey, address }) {
      upsert.run(id, uuid, publicKey, address);
    },
    rename(from, to) {
      inTransaction(database, () => {
        remove.run(to);
        rename.run(to, from);
      });
    },
    remove: (id) => remove.run(id).changes > 0,
    list: (after, limit) => (page.all(after, limit) as unknown as DeviceRow[]).map(recordOf),
    count() {
      return (size.get() as { n: number }).n;
    },
  };
}

export function recordOf(row: DeviceRow): DeviceRecord {
  return { id: row.id, uuid: row.uuid, publicKey: row.public_key, address: row.address };
}

/** All of it or nothing. */
export function inTransaction(database: DatabaseSync, change: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    change();
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
