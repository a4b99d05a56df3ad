import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { checkOwnFolder, checkReplaceable, isCode, openOwn, readOwn } from "./own-file.ts";
import { ProfileError } from "./profile-error.ts";

/** Largest file of a profile that is read as a whole, bytes. */
const MAX_FILE = 8 * 1024 * 1024;
const EXCLUSIVE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * Files of one person's profile. Only the owner may look inside: what belongs to somebody else, or leads elsewhere
 * as a link, is an error (ProfileError), and what others could read is closed to them.
 */
export class ProfileFolder {
  readonly path: string;

  /** Made when missing. */
  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    checkOwnFolder(path);
  }

  /** The JSON content of a file; undefined when there is none. Throws ProfileError on what is not JSON. */
  read(name: string, limit: number = MAX_FILE): unknown {
    const bytes = this.readBytes(name, limit);
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      // Not handed on: the parser quotes the text.
      throw this.damaged(name);
    }
  }

  /** The bytes of a file, at most `limit`; undefined when there is none. */
  readBytes(name: string, limit: number = MAX_FILE): Uint8Array | undefined {
    return readOwn(join(this.path, name), limit);
  }

  /**
   * Replaces a file as a whole: a crash or a power cut leaves the old one or the new one, never half, and when this
   * returns it is on disk. Throws when that could not be done; the old one is still there.
   */
  write(name: string, content: unknown): void {
    this.writeBytes(name, jsonBytes(content));
  }

  writeBytes(name: string, content: Uint8Array): void {
    const path = join(this.path, name);
    checkReplaceable(path);
    this.#place(path, content, (fresh) => renameSync(fresh, path));
  }

  /** Writes a file that must not be there yet; false, and nothing changes, when it is. */
  create(name: string, content: unknown): boolean {
    return this.createBytes(name, jsonBytes(content));
  }

  createBytes(name: string, content: Uint8Array): boolean {
    const path = join(this.path, name);
    try {
      this.#place(path, content, (fresh) => {
        // Unlike a renaming, a link does not replace what another process made first.
        linkSync(fresh, path);
        rmSync(fresh);
      });
      return true;
    } catch (error) {
      if (isCode(error, "EEXIST")) return false;
      throw error;
    }
  }

  /** What to throw when the content of a file makes no sense. */
  damaged(name: string): ProfileError {
    return new ProfileError("damaged", `${join(this.path, name)} is damaged; restore it from a backup or move it away`);
  }

  /** Names in the folder are on disk when this returns: a new file can be lost without it though its content is not. */
  settle(): void {
    const folder = openSync(this.path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  #place(path: string, content: Uint8Array, put: (fresh: string) => void): void {
    const fresh = `${path}.${process.pid}.new`;
    try {
      rmSync(fresh, { force: true });
      const file = openOwn(fresh, EXCLUSIVE);
      try {
        writeFileSync(file, content);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      put(fresh);
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
    this.settle();
  }
}

function jsonBytes(content: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(content, undefined, 2)}\n`);
}
