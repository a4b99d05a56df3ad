import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DeviceRecord } from "@pulpit/protocol";
import { StoreError, translated } from "./store-error.ts";

/** What stands in a stock server's database. */
export interface StockDevices {
  readonly records: readonly DeviceRecord[];
  /** Rows that no device can have written. `id` as far as it can be told. */
  readonly rejected: readonly { readonly id: string; readonly why: string }[];
}

/** What this server would take from a device (core/protocol, key-registration): bytes. */
const MIN_ID = 6;
const MAX_ID = 100;
const MAX_UUID = 256;
const KEY_BYTES = 32;

/** Reads `db_v2.sqlite3` (docs/protocol/rendezvous.md, section 5.2); nothing is written to it. Throws StoreError. */
export function readStockDevices(path: string): StockDevices {
  if (!existsSync(path)) throw new StoreError("io", `${path} is not there`);
  try {
    return read(path);
  } catch (error) {
    if (!(error instanceof StoreError && (error.code === "io" || error.code === "read-only"))) throw error;
  }
  // A write-ahead log can't be read where nothing may be written, such as on a backup: a copy can.
  const folder = mkdtempSync(join(tmpdir(), "pulpit-import-"));
  try {
    for (const suffix of ["", "-wal"])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `copy.sqlite3${suffix}`));
    return read(join(folder, "copy.sqlite3"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(path: string): StockDevices {
  return translated(() => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: READ_TIMEOUT });
    try {
      return devicesOf(database, path);
    } finally {
      database.close();
    }
  });
}

/** The stock server may be writing at this moment; it is done within this, ms. */
const READ_TIMEOUT = 5_000;

function devicesOf(database: DatabaseSync, path: string): StockDevices {
  const columns = new Set(
    database
      .prepare("SELECT name FROM pragma_table_info('peer')")
      .all()
      .map((row) => row.name),
  );
  for (const needed of ["id", "uuid", "pk"])
    if (!columns.has(needed)) throw new StoreError("damaged", `${path} holds no devices of a stock server`);
  const info = columns.has("info") ? "info" : "NULL AS info";
  const records: DeviceRecord[] = [];
  const rejected: { id: string; why: string }[] = [];
  for (const row of database.prepare(`SELECT id, uuid, pk, ${info} FROM peer`).iterate()) {
    const record = recordOf(row);
    if (typeof record === "string") rejected.push({ id: plain(row.id), why: record });
    else records.push(record);
  }
  return { records, rejected };
}

/** The device, or what is wrong with the row. */
function recordOf(row: Record<string, unknown>): DeviceRecord | string {
  const { id } = row;
  const uuid = bytesOf(row.uuid);
  const publicKey = bytesOf(row.pk);
  if (typeof id !== "string" || /[\p{Cc}\p{Z}]/u.test(id)) return "its ID is none";
  const { length } = new TextEncoder().encode(id);
  if (length < MIN_ID || length > MAX_ID) return `its ID is not of ${MIN_ID} to ${MAX_ID} bytes`;
  if (uuid === undefined || uuid.length === 0 || uuid.length > MAX_UUID) return "its uuid is none";
  if (publicKey?.length !== KEY_BYTES) return "its key is none";
  return { id, uuid, publicKey, address: addressOf(row.info) };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return new TextEncoder().encode(value);
  return value instanceof Uint8Array ? value : undefined;
}

/** Where the device was last; empty when it can't be told, and known again when it comes. */
function addressOf(info: unknown): string {
  try {
    const { ip } = JSON.parse(String(info)) as { ip?: unknown };
    return typeof ip === "string" && ip.length <= 45 ? ip.replace(/^::ffff:(?=\d+\.)/i, "") : "";
  } catch {
    // A row without it is as good as any other.
    return "";
  }
}

function plain(id: unknown): string {
  return String(id).replace(/\p{C}/gu, "").slice(0, 100);
}
