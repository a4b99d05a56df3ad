import { copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { loadServerKey, type ServerKey } from "@pulpit/rendezvous";
import { type Adoption, type Devices, readStockDevices, type StockDevices } from "@pulpit/store";
import { FailedError } from "../usage.ts";
import { giveToOwner } from "./data-folder.ts";

/** Name of the database in a stock server's folder. */
const STOCK_DATABASE = "db_v2.sqlite3";
const SECRET_FILE = "id_ed25519";
const PUBLIC_FILE = "id_ed25519.pub";

/** What a stock server left in its folder. */
export interface StockFolder {
  /** Undefined when there are no key files. */
  readonly key: ServerKey | undefined;
  /** Path of the database; undefined when there is none. */
  readonly database: string | undefined;
}

/** Throws FailedError when there is nothing to take over, or a file makes no sense. */
export function openStockFolder(folder: string): StockFolder {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new FailedError(`${folder} is no folder`);
  const database = join(folder, STOCK_DATABASE);
  const found: StockFolder = {
    // With the file there, nothing is made.
    key: existsSync(join(folder, SECRET_FILE)) ? readKey(folder) : undefined,
    database: existsSync(database) ? database : undefined,
  };
  if (found.key === undefined && found.database === undefined)
    throw new FailedError(`${folder} holds neither ${SECRET_FILE} nor ${STOCK_DATABASE}: is it a stock server's?`);
  return found;
}

export type KeyTakeover =
  | { readonly type: "none-there" | "same" | "taken" }
  /** Another key was in the data folder; `backup`: where it is now, if it was replaced. */
  | { readonly type: "differs"; readonly backup: string | undefined };

/** Puts the key files into the data folder. Another key there gives way only when told so, and is kept as a copy. */
export function takeKey(
  key: ServerKey | undefined,
  dataFolder: string,
  how: { readonly mode: "keep" | "only-look"; readonly force: boolean },
): KeyTakeover {
  if (key === undefined) return { type: "none-there" };
  const secretPath = join(dataFolder, SECRET_FILE);
  const differs = existsSync(secretPath);
  if (differs && readKey(dataFolder).publicText === key.publicText) return { type: "same" };
  if (differs && !how.force) return { type: "differs", backup: undefined };
  if (how.mode === "only-look") return { type: "taken" };
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const backup = differs ? `${secretPath}.before-import-${Date.now()}` : undefined;
  if (backup !== undefined) {
    writeFileSync(backup, readFileSync(secretPath), { mode: 0o600, flag: "wx" });
    if (existsSync(join(dataFolder, PUBLIC_FILE))) copyFileSync(join(dataFolder, PUBLIC_FILE), `${backup}.pub`);
  }
  writeFileSync(secretPath, base64(key.secretKey), { mode: 0o600 });
  writeFileSync(join(dataFolder, PUBLIC_FILE), base64(key.publicKey));
  giveToOwner(dataFolder, [secretPath, join(dataFolder, PUBLIC_FILE)]);
  return differs ? { type: "differs", backup } : { type: "taken" };
}

/** What came of the devices in a stock database. */
export type DeviceTakeover = Adoption & Pick<StockDevices, "rejected">;

/** Throws StoreError. */
export function takeDevices(devices: Devices, database: string, mode: "keep" | "only-look"): DeviceTakeover {
  const { records, rejected } = readStockDevices(database);
  return { ...devices.adopt(records, mode), rejected };
}

function readKey(folder: string): ServerKey {
  try {
    return loadServerKey(folder, nodeCrypto(), nodeRandom());
  } catch (error) {
    throw new FailedError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
