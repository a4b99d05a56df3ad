import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import {
  hostSecretsIn,
  importHostIdentity,
  loadHostIdentity,
  ProfileFolder,
  readStockHost,
  type StockProblem,
  vaultIn,
} from "@pulpit/profile-node";
import { lockProfile } from "../host-service/profile-lock.ts";
import { nothingMore } from "../server-commands/server-command.ts";
import { sheet } from "../server-commands/table.ts";
import { FailedError } from "../usage.ts";
import type { HostCommand } from "./host-command.ts";

/** Largest configuration that is read, bytes. */
const MAX_FILE: number = 1024 * 1024;
/** Where a stock host keeps it, for a person and for the system's service. */
const PLACES: readonly string[] = [
  join(homedir(), ".config", "rustdesk", "RustDesk.toml"),
  "/root/.config/rustdesk/RustDesk.toml",
];

const PROBLEMS: Readonly<Record<StockProblem, string>> = {
  "not-toml": "the file is no configuration",
  "id-unreadable": "the ID was encrypted on another computer",
  "id-invalid": "the ID is none",
  "keys-invalid": "the keys are none, or do not belong together",
  "password-unreadable": "the password was encrypted on another computer, or is damaged",
  "password-without-salt": "the password has no salt",
  "salt-invalid": "the salt is none",
};

export const importStock: HostCommand = {
  name: "import",
  usage: [["import [FILE]", "Take over ID, keys and password of a stock host of this computer (RustDesk.toml)"]],
  async run({ args: [file, ...more], env, isRunning }) {
    nothingMore(more);
    if (await isRunning()) throw new FailedError("Stop the host first: it would go on as who it was");
    const path = file ?? PLACES.find((place) => statSync(place, { throwIfNoEntry: false }) !== undefined);
    if (path === undefined) throw new FailedError("There is no RustDesk.toml where it usually is; name the file");
    const crypto = nodeCrypto();
    const machine = machineId();
    const stock = readStockHost(contentOf(path), machine, crypto);
    const problems = stock.problems.map((problem) => PROBLEMS[problem]);
    const { id, keys, salt, permanentHash } = stock;
    if (id === undefined && keys === undefined) {
      throw new FailedError(`Nothing could be taken over: ${problems.join("; ") || "it holds neither ID nor keys"}`);
    }
    const profile = new ProfileFolder(env.home);
    using lock = lockProfile(profile);
    if (lock === undefined) throw new FailedError("Stop the host first: it would go on as who it was");
    loadHostIdentity(profile, crypto, nodeRandom());
    const identity = importHostIdentity(profile, crypto, { id, keys, salt, uuid: machine });
    const secrets = hostSecretsIn(profile, vaultIn(profile, crypto, nodeRandom()));
    if (permanentHash !== undefined && salt !== undefined) secrets.save({ ...secrets.load(), permanentHash, salt });
    const taken = { id: id !== undefined, keys: keys !== undefined, password: permanentHash !== undefined, problems };
    const word = (done: boolean): string => (done ? "taken over" : "not there, or not taken over");
    const text = sheet([
      ["ID", `${identity.id} (${word(taken.id)})`],
      ["Keys", word(taken.keys)],
      ["Password", word(taken.password)],
      ...problems.map((problem): [string, string] => ["Problem", problem]),
    ]);
    return {
      value: taken,
      text: `${text}\n\nStop the stock host for good before you start this one: they have one ID.`,
    };
  },
};

function contentOf(path: string): string {
  try {
    if (statSync(path).size > MAX_FILE) throw new FailedError(`${path} is too large for a configuration`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new FailedError(`${path} can't be read (${error.code})`, { cause: error });
  }
}

/** What a stock host told the ID server it is (docs/protocol/wire.md, section 9.4). */
function machineId(): Uint8Array {
  try {
    return new TextEncoder().encode(readFileSync("/etc/machine-id", "utf8").trim());
  } catch (error) {
    throw new FailedError("This computer has no /etc/machine-id, so a stock host's secrets can't be read", {
      cause: error,
    });
  }
}
