import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord } from "@pulpit/protocol";
import { type DeviceRow, recordOf } from "./devices.ts";

/** What a device wants that only an administrator grants. */
export interface Wish {
  readonly kind: "enrolment" | "key";
  /** The device as it would be. */
  readonly record: DeviceRecord;
  /** When it asked last, ISO 8601 in UTC. */
  readonly askedAt: string;
}

/** Wishes kept; beyond it the oldest is forgotten. A device asks again every half minute. */
const MAX_WISHES = 10_000;

/** Devices that wait for an administrator: at most one wish of each ID, its latest. */
export interface Wishes {
  put(kind: Wish["kind"], record: DeviceRecord): void;
  get(id: string): Wish | undefined;
  /** Latest first. */
  list(limit: number): readonly Wish[];
  remove(id: string): boolean;
  count(): number;
}

interface Row extends DeviceRow {
  readonly kind: Wish["kind"];
  readonly asked_at: string;
}

export function wishesIn(database: DatabaseSync): Wishes {
  const columns = "id, kind, uuid, public_key, address, asked_at";
  const upsert = database.prepare(
    `INSERT INTO wish (id, kind, uuid, public_key, address) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, uuid = excluded.uuid, public_key = excluded.public_key,
       address = excluded.address, asked_at = CURRENT_TIMESTAMP`,
  );
  const count = database.prepare("SELECT count(*) AS n FROM wish");
  const dropOldest = database.prepare(
    "DELETE FROM wish WHERE id IN (SELECT id FROM wish ORDER BY asked_at, rowid LIMIT ?)",
  );
  const select = database.prepare(`SELECT ${columns} FROM wish WHERE id = ?`);
  const latest = database.prepare(`SELECT ${columns} FROM wish ORDER BY asked_at DESC, rowid DESC LIMIT ?`);
  const remove = database.prepare("DELETE FROM wish WHERE id = ?");
  return {
    put(kind, { id, uuid, publicKey, address }) {
      upsert.run(id, kind, uuid, publicKey, address);
      const { n } = count.get() as { n: number };
      if (n > MAX_WISHES) dropOldest.run(n - MAX_WISHES);
    },
    get(id) {
      const row = select.get(id) as Row | undefined;
      return row && wishOf(row);
    },
    list: (limit) => (latest.all(limit) as unknown as Row[]).map(wishOf),
    remove: (id) => remove.run(id).changes > 0,
    count: () => (count.get() as { n: number }).n,
  };
}

function wishOf(row: Row): Wish {
  return { kind: row.kind, record: recordOf(row), askedAt: `${row.asked_at.replace(" ", "T")}Z` };
}
