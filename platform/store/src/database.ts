import { DatabaseSync } from "node:sqlite";
import { StoreError, translated } from "./store-error.ts";

/** Steps from an empty database to today's; never edited, only added to. Their number is the schema's version. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE device (
     id TEXT PRIMARY KEY,
     uuid BLOB NOT NULL,
     public_key BLOB NOT NULL,
     address TEXT NOT NULL,
     created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
   ) STRICT`,
  `CREATE TABLE wish (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     uuid BLOB NOT NULL,
     public_key BLOB NOT NULL,
     address TEXT NOT NULL,
     asked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
   ) STRICT;
   CREATE INDEX wish_asked_at ON wish (asked_at)`,
];

/** Another process may hold the database for this long while it is opened, ms. */
const OPEN_TIMEOUT = 5_000;

/**
 * Opens the server's database and brings its schema up to date. `path`: a file, or `:memory:`. Throws StoreError.
 * What was written outlives the death of the process (write-ahead log); after a power cut the last moments may be
 * missing, and the file is whole nevertheless.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = translated(() => new DatabaseSync(path, { timeout: OPEN_TIMEOUT }));
  try {
    translated(() => bringUpToDate(database));
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function bringUpToDate(database: DatabaseSync): void {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      "later-version",
      `The database is of a later version of Pulpit (${version} > ${MIGRATIONS.length})`,
    );
  }
  MIGRATIONS.slice(version).forEach((step, i) => {
    inTransaction(database, () => database.exec(`${step}; PRAGMA user_version = ${version + i + 1}`));
  });
  // From here on nothing waits: while a write waited, nobody else would be served, and whoever asked asks again.
  database.exec("PRAGMA busy_timeout = 0");
}

/** Reads all of it. Gives what is wrong with it, at most a hundred lines; nothing for a sound database. */
export function damageIn(database: DatabaseSync): readonly string[] {
  try {
    const rows = translated(() => database.prepare("PRAGMA integrity_check(100)").all());
    return rows.map((row) => String(row.integrity_check)).filter((line) => line !== "ok");
  } catch (error) {
    if (error instanceof StoreError && error.code === "damaged") return [error.message];
    throw error;
  }
}

/** All of it or nothing. */
export function inTransaction<T>(database: DatabaseSync, change: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = change();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk or a broken one has ended the transaction already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
