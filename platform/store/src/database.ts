import { DatabaseSync } from "node:sqlite";

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

/** Opens the server's database and brings its schema up to date. `path`: a file, or `:memory:`. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: OPEN_TIMEOUT });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    database.close();
    throw new Error(`The database is of a later version of Pulpit (${version} > ${MIGRATIONS.length})`);
  }
  MIGRATIONS.slice(version).forEach((step, i) => {
    database.exec(`BEGIN; ${step}; PRAGMA user_version = ${version + i + 1}; COMMIT`);
  });
  // From here on nothing waits: while a write waited, nobody else would be served, and whoever asked asks again.
  database.exec("PRAGMA busy_timeout = 0");
  return database;
}
