import type { DatabaseSync } from "node:sqlite";
import type { DeviceRecord } from "@pulpit/protocol";
import { inTransaction } from "./database.ts";
import type { Devices } from "./devices.ts";

/** What came of taking devices in. */
export interface Adoption {
  readonly added: number;
  /** Were here, the same. */
  readonly unchanged: number;
  /** Were here and belong to another device (`uuid`), or to this one with another key; they were left as they are. */
  readonly conflicts: readonly { readonly id: string; readonly why: "uuid" | "key" }[];
}

/** Ends a transaction of which nothing is to be kept. */
class OnlyLooked extends Error {}

export function adopt(
  database: DatabaseSync,
  devices: Pick<Devices, "get" | "put">,
  records: Iterable<DeviceRecord>,
  mode: "keep" | "only-look",
): Adoption {
  let adoption: Adoption | undefined;
  try {
    inTransaction(database, () => {
      adoption = takeIn(devices, records);
      if (mode === "only-look") throw new OnlyLooked();
    });
  } catch (error) {
    if (!(error instanceof OnlyLooked)) throw error;
  }
  return adoption as Adoption;
}

function takeIn({ get, put }: Pick<Devices, "get" | "put">, records: Iterable<DeviceRecord>): Adoption {
  let added = 0;
  let unchanged = 0;
  const conflicts: { id: string; why: "uuid" | "key" }[] = [];
  for (const record of records) {
    const known = get(record.id);
    if (known === undefined) {
      put(record);
      added += 1;
    } else if (!same(known.uuid, record.uuid)) conflicts.push({ id: record.id, why: "uuid" });
    else if (!same(known.publicKey, record.publicKey)) conflicts.push({ id: record.id, why: "key" });
    else unchanged += 1;
  }
  return { added, unchanged, conflicts };
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
