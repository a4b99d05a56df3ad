import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type ImportAnswer, isRunning } from "@pulpit/admin";
import { devicesIn, openDatabase, StoreError } from "@pulpit/store";
import { type DataFolder, giveToOwner, makeDataFolder } from "../server/data-folder.ts";
import { type KeyTakeover, openStockFolder, takeDevices, takeKey } from "../server/import-stock.ts";
import { FailedError, UsageError } from "../usage.ts";
import type { Said, ServerCommand, ServerTalk } from "./server-command.ts";

/** Devices named one by one; the rest is counted. */
const NAMED = 20;

export const importStock: ServerCommand = {
  name: "import",
  usage: [
    ["import FOLDER", "Take over key and devices of a stock server, so that no device notices"],
    ["  --dry-run", "… only say what would be done"],
    ["  --force", "… even if another key is here; a copy of that is kept"],
  ],
  switches: ["dry-run", "force"],
  async run(talk) {
    const [folder, ...more] = talk.args;
    if (folder === undefined) throw new UsageError("From where? import wants the folder of a stock server");
    if (more.length > 0) throw new UsageError(`Unexpected argument '${more[0]}'`);
    const mode = talk.flags["dry-run"] === true ? "only-look" : "keep";
    const stock = openStockFolder(resolve(folder));
    const running = await isRunning(talk.data.socket);
    const force = talk.flags.force === true;
    // With another key than before, devices would do no good here: looked at first, written last.
    const key = takeKey(stock.key, talk.data.path, { mode: "only-look", force });
    if (key.type === "differs" && mode === "keep") {
      throw new FailedError(
        `Another key is in ${talk.data.path} already: clients that know it would be locked out. ` +
          "Nothing was taken over. --force replaces it and keeps a copy",
      );
    }
    const taken = stock.database === undefined ? undefined : await devicesFrom(stock.database, mode, running, talk);
    const kept = mode === "keep" ? takeKey(stock.key, talk.data.path, { mode, force }) : key;
    return said(kept, taken, mode, running);
  },
};

async function devicesFrom(
  database: string,
  mode: "keep" | "only-look",
  running: boolean,
  { ask, data }: ServerTalk,
): Promise<ImportAnswer> {
  return running ? ask("import", { database, mode }) : offline(database, mode, data);
}

/** Without a server, on its database. */
function offline(stock: string, mode: "keep" | "only-look", data: DataFolder): ImportAnswer {
  try {
    if (mode === "keep") makeDataFolder(data);
    const database = openDatabase(mode === "keep" || existsSync(data.database) ? data.database : ":memory:");
    try {
      return takeDevices(devicesIn(database), stock, mode);
    } finally {
      database.close();
      if (mode === "keep")
        giveToOwner(
          data.path,
          ["", "-wal", "-shm"].map((suffix) => data.database + suffix),
        );
    }
  } catch (error) {
    if (error instanceof StoreError) throw new FailedError(`The devices: ${error.message}`, { cause: error });
    throw error;
  }
}

function said(key: KeyTakeover, taken: ImportAnswer | undefined, mode: "keep" | "only-look", running: boolean): Said {
  const lines = [
    ...(mode === "only-look" ? ["Nothing was changed. This is what would be done:"] : []),
    keySentence(key, running && mode === "keep"),
    ...(taken === undefined ? ["Devices: there is no database"] : deviceLines(taken)),
  ];
  const value = { key, devices: taken, dryRun: mode === "only-look" };
  const complete = taken === undefined || (taken.conflicts.length === 0 && taken.rejected.length === 0);
  return { value, text: lines.join("\n"), exitCode: complete ? 0 : 1 };
}

function keySentence(key: KeyTakeover, running: boolean): string {
  const later = running ? "; it holds from the next start of the server" : "";
  switch (key.type) {
    case "none-there":
      return "Key: there is none to take over";
    case "same":
      return "Key: it is here already";
    case "taken":
      return `Key: taken over${later}`;
    case "differs":
      return key.backup === undefined
        ? "Key: another one is here; --force would replace it and keep a copy"
        : `Key: taken over${later}; the one before is kept in ${key.backup}`;
  }
}

function deviceLines({ added, unchanged, conflicts, rejected }: ImportAnswer): readonly string[] {
  const named = <T extends { readonly id: string }>(all: readonly T[], sentence: (item: T) => string): string[] => [
    ...all.slice(0, NAMED).map((item) => `  ${item.id.replace(/\p{C}/gu, "")}: ${sentence(item)}`),
    ...(all.length > NAMED ? [`  … and ${all.length - NAMED} more (--json lists them)`] : []),
  ];
  return [
    `Devices: ${added} taken over, ${unchanged} here already, ${conflicts.length} left as they are here, ${rejected.length} unusable`,
    ...named(conflicts, ({ why }) => (why === "uuid" ? "belongs to another device here" : "has another key here")),
    ...named(rejected, ({ why }) => why),
  ];
}
