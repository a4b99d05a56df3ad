import { chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { ProfileError } from "./profile-error.ts";

const FOR_OTHERS = 0o077;

/**
 * Opens a file that is this user's alone and gives its descriptor; the caller closes it. Looked at through the
 * descriptor, so nobody can exchange the file in between. A file of ours that others may read is closed to them.
 * Throws ProfileError, or what the system says (ENOENT and others).
 */
export function openOwn(path: string, flags: number): number {
  const file = openedPlain(path, flags);
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw notAFile(path);
    checkOwner(path, facts.uid);
    if ((facts.mode & FOR_OTHERS) !== 0) fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openedPlain(path: string, flags: number): number {
  try {
    // Without waiting: a pipe in place of the file must not hold the host up.
    return openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  } catch (error) {
    if (isCode(error, "ELOOP") || isCode(error, "ENXIO") || isCode(error, "EISDIR")) throw notAFile(path);
    throw error;
  }
}

/** Everything in a file of ours; undefined when there is none. Throws ProfileError when it is more than `limit` bytes. */
export function readOwn(path: string, limit: number): Uint8Array | undefined {
  let file: number;
  try {
    file = openOwn(path, constants.O_RDONLY);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size > limit)
      throw new ProfileError("too-large", `${path} is larger than anything written there; move it away`);
    const content = new Uint8Array(size);
    let have = 0;
    while (have < size) {
      const count = readSync(file, content, have, size - have, have);
      if (count === 0) break;
      have += count;
    }
    return content.subarray(0, have);
  } finally {
    closeSync(file);
  }
}

/** Throws ProfileError unless nothing is at `path` yet, or a file of this user. */
export function checkReplaceable(path: string): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return;
  if (!facts.isFile()) throw notAFile(path);
  checkOwner(path, facts.uid);
}

/** Throws ProfileError unless `path` is a folder of this user; closes it to everybody else. */
export function checkOwnFolder(path: string): void {
  const facts = lstatSync(path);
  if (!facts.isDirectory())
    throw new ProfileError("not-a-file", `${path} is a link or a file; a real folder is needed`);
  checkOwner(path, facts.uid);
  if ((facts.mode & FOR_OTHERS) !== 0) chmodSync(path, 0o700);
}

function checkOwner(path: string, owner: number): void {
  const self = process.getuid?.();
  if (self === undefined || owner === self) return;
  throw new ProfileError("not-yours", `${path} belongs to another user; give it to the one Pulpit runs as (chown)`);
}

function notAFile(path: string): ProfileError {
  return new ProfileError("not-a-file", `${path} is a link or no plain file; move it away`);
}

/** Whether the system said no with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
