import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ProfileFolder } from "../src/folder.ts";

/** A profile of its own for one test. */
export function profile(t: TestContext): ProfileFolder {
  const path = mkdtempSync(join(tmpdir(), "pulpit-profile-"));
  t.after(() => rmSync(path, { recursive: true }));
  return new ProfileFolder(join(path, "profile"));
}
