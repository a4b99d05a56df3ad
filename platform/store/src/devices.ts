import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord } from "@pulpit/protocol";

/** The devices an ID server knows, on disk. */
export interface Devices {
  get(id: string): DeviceRecord | undefined;
  /** Inserts or replaces; durable against a crash of the process when it returns. */
  put(record: DeviceRecord): void;
  count(): number;
}

interface Row {
  readonly id: string;
  readonly uuid: Uint8Array;
  readonly public_key: Uint8Array;
  readonly address: string;
}

export function devicesIn(database: DatabaseSync): Devices {
  const select = database.prepare("SELECT id, uuid, public_key, address FROM device WHERE id = ?");
  const upsert = database.prepare(
    `INSERT INTO device (id, uuid, public_key, address) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, address = excluded.address`,
  );
  const size = database.prepare("SELECT count(*) AS n FROM device");
  return {
    get(id) {
      const row = select.get(id) as Row | undefined;
      return row && { id: row.id, uuid: row.uuid, publicKey: row.public_key, address: row.address };
    },
    put(record) {
      upsert.run(record.id, record.uuid, record.publicKey, record.address);
    },
    count() {
      return (size.get() as { n: number }).n;
    },
  };
}
