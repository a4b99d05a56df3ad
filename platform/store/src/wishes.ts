import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord } from "@pulpit/protocol";
import { inTransaction } from "./database.ts";
import { type DeviceRow, recordOf } from "./devices.ts";
import { translated } from "./store-error.ts";

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
  /** What the device wants becomes what it is: its record is written and the wish is gone, both or neither. */
  grant(id: string): Wish | undefined;
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
  const admit = database.prepare(
    `INSERT INTO device (id, uuid, public_key, address) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, address = excluded.address
       WHERE uuid = excluded.uuid`,
  );
  const get = (id: string): Wish | undefined => {
    const row = translated(() => select.get(id)) as Row | undefined;
    return row && wishOf(row);
  };
  return {
    put(kind, { id, uuid, publicKey, address }) {
      translated(() => {
        upsert.run(id, kind, uuid, publicKey, address);
        const { n } = count.get() as { n: number };
        if (n > MAX_WISHES) dropOldest.run(n - MAX_WISHES);
      });
    },
    get,
    list: (limit) => (translated(() => latest.all(limit)) as unknown as Row[]).map(wishOf),
    remove: (id) => translated(() => remove.run(id)).changes > 0,
    count: () => (translated(() => count.get()) as { n: number }).n,
    grant: (id) =>
      translated(() =>
        inTransaction(database, () => {
          const wish = get(id);
          if (wish === undefined) return undefined;
          const { uuid, publicKey, address } = wish.record;
          // In the meantime the ID may have become somebody else's; then the wish can't be granted any more.
          const granted = admit.run(id, uuid, publicKey, address).changes > 0;
          remove.run(id);
          return granted ? wish : undefined;
        }),
      ),
  };
}

function wishOf(row: Row): Wish {
  return { kind: row.kind, record: recordOf(row), askedAt: `${row.asked_at.replace(" ", "T")}Z` };
}
