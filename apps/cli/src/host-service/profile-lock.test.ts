import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { profileOf } from "../../test/house.ts";
import { lockProfile } from "./profile-lock.ts";

test("one has the profile at a time, in this process too; given back, the next one gets it", (t) => {
  const profile = profileOf(t);
  {
    using first = lockProfile(profile);
    assert.ok(first !== undefined);
    assert.equal(lockProfile(profile), undefined);
    assert.equal(lockProfile(profile), undefined);
  }
  using second = lockProfile(profile);
  assert.ok(second !== undefined);
  assert.equal(statSync(join(profile.path, "host.lock")).mode & 0o777, 0o600);
});

test("a process that was killed has it no more", async (t) => {
  const profile = profileOf(t);
  const program = `
    import { ProfileFolder } from "@pulpit/profile-node";
    import { lockProfile } from ${JSON.stringify(new URL("./profile-lock.ts", import.meta.url).href)};
    const lock = lockProfile(new ProfileFolder(${JSON.stringify(profile.path)}));
    console.log(lock === undefined ? "none" : "held");
    setInterval(() => lock, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [said] = await once(child.stdout, "data");
    assert.equal(String(said), "held\n");
    assert.equal(lockProfile(profile), undefined);
  } finally {
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  }
  using mine = lockProfile(profile);
  assert.ok(mine !== undefined);
});

test("where the lock can't be one, nobody is let at the profile", (t) => {
  const profile = profileOf(t);
  const path = join(profile.path, "host.lock");
  writeFileSync(path, "x".repeat(1024));
  assert.throws(() => lockProfile(profile), { name: "ProfileError", code: "damaged" });
  rmSync(path);
  mkdirSync(path);
  assert.throws(() => lockProfile(profile), { name: "ProfileError", code: "damaged" });
});
