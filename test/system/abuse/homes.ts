import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** MB; the database of some thousand devices fits. */
const SMALL = 16;

/** A folder for keys and database that outlives a server. */
export function temporaryHome(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "pulpit-abuse-home-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A small file system of its own; undefined where we may not mount one. */
export function smallDisk(): ({ readonly path: string; fill(): void; free(): void } & Disposable) | undefined {
  const path = mkdtempSync(join(tmpdir(), "pulpit-abuse-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL}m`, "tmpfs", path], { stdio: "ignore" });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  const ballast = join(path, "ballast");
  return {
    path,
    fill() {
      const file = openSync(ballast, "w");
      // Ever smaller pieces, until not one more byte fits.
      for (let piece = 1024 * 1024; piece >= 1; piece = Math.floor(piece / 4)) {
        for (;;) {
          try {
            if (writeSync(file, new Uint8Array(piece)) < piece) break;
          } catch {
            break;
          }
        }
      }
      closeSync(file);
    },
    free: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}
