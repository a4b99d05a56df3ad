import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files of one person's profile. Only the owner may look inside. */
export class ProfileFolder {
  readonly path: string;

  /** Made when missing. */
  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }

  /** The JSON content of a file; undefined when there is none. Throws on what is not JSON. */
  read(name: string): unknown {
    let text: string;
    try {
      text = readFileSync(join(this.path, name), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${join(this.path, name)} is damaged; restore it from a backup or move it away`);
    }
  }

  /** Replaces a file as a whole: a crash leaves the old one or the new one, never half. */
  write(name: string, content: unknown): void {
    const path = join(this.path, name);
    const fresh = `${path}.${process.pid}.new`;
    writeFileSync(fresh, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, path);
  }
}
