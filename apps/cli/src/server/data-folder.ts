import { chownSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { FailedError } from "../usage.ts";

/** Where everything of a server is. */
export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly socket: string;
}

/** `home`: Pulpit's folder, in which a server's is unless the owner said where. */
export function dataFolder(home: string, chosen: string | undefined): DataFolder {
  const path = chosen ?? join(home, "server");
  return { path, database: join(path, "pulpit.sqlite3"), socket: join(path, "admin.sock") };
}

/** For the owner alone: the server's secret key is in it. Throws FailedError. */
export function makeDataFolder({ path }: DataFolder): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FailedError(`The data folder ${path} can't be made (${(error as { code?: string }).code})`, {
      cause: error,
    });
  }
}

/**
 * What root has put into the folder of a service's user becomes that user's: it could not read it otherwise.
 * `files`: paths; those that are not there are none.
 */
export function giveToOwner(folder: string, files: readonly string[]): void {
  const { uid, gid } = statSync(folder);
  if (process.geteuid?.() !== 0 || uid === 0) return;
  for (const file of files) if (existsSync(file)) chownSync(file, uid, gid);
}
