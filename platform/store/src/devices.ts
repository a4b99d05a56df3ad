import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord, Directory } from "@pulpit/protocol";
import { type Adoption, adopt } from "./adopt.ts";
import { damageIn, inTransaction } from "./database.ts";
import { translated } from "./store-error.ts";

/**
 * The devices an ID server knows, on disk. Whatever changes one is durable against a crash of the process, or throws
 * StoreError and has changed nothing.
 */
export interface Devices extends Directory {
  /** Inserts or replaces; the uuid of an ID that is there stays. */
  put(record: DeviceRecord): void;
  /** Another ID for a device; a record that has it already gives way. */
  rename(from: string, to: string): void;
  remove(id: string): boolean;
  /** In order of ID, those after `after`. */
  list(after: string, limit: number): readonly DeviceRecord[];
  count(): number;
  /** Takes devices of another server in, all or none; what is here already stays as it is. */
  adopt(records: Iterable<DeviceRecord>, mode: "keep" | "only-look"): Adoption;
  /** Reads the whole database; what is wrong with it. */
  damage(): readonly string[];
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
  const get = (id: string): DeviceRecord | undefined => {
    const row = translated(() => select.get(id)) as DeviceRow | undefined;
    return row && recordOf(row);
  };
  const put = ({ id, uuid, publicKey, address }: DeviceRecord): void => {
    translated(() => upsert.run(id, uuid, publicKey, address));
  };
  return {
    get,
    put,
    rename(from, to) {
      translated(() =>
        inTransaction(database, () => {
          remove.run(to);
          rename.run(to, from);
        }),
      );
    },
    remove: (id) => translated(() => remove.run(id)).changes > 0,
    list: (after, limit) => (translated(() => page.all(after, limit)) as unknown as DeviceRow[]).map(recordOf),
    count: () => (translated(() => size.get()) as { n: number }).n,
    adopt: (records, mode) => translated(() => adopt(database, { get, put }, records, mode)),
    damage: () => damageIn(database),
  };
}

export function recordOf(row: DeviceRow): DeviceRecord {
  return { id: row.id, uuid: row.uuid, publicKey: row.public_key, address: row.address };
}
