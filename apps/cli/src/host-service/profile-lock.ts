import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ProfileFolder } from "@pulpit/profile-node";

const FILE = "host.lock";
/** What SQLite says when another one has it. */
const BUSY = 5;

/**
 * Keeps a profile to this process until it is disposed or the process ends, however it ends; undefined when another one
 * has it. Two that write the journal at once would break it. An empty database stands for the lock: Node has no other
 * that the system takes back from a process that was killed. Throws ProfileError when there is no locking here.
 */
export function lockProfile(profile: ProfileFolder): Disposable | undefined {
  // Made first, so that nobody else may ever open it.
  profile.createBytes(FILE, new Uint8Array());
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(profile.path, FILE), { timeout: 0 });
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const held = lock;
    return { [Symbol.dispose]: () => held.close() };
  } catch (error) {
    lock?.close();
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return undefined;
    throw profile.damaged(FILE);
  }
}
