import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { ProfileFolder } from "@pulpit/profile-node";
import { UsageError } from "../usage.ts";
import { destinationIn } from "./destination.ts";
import { identityHere } from "./here.ts";
import { PageLife } from "./page-life.ts";

const KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

test("what people type is understood as on the page, over several words too", () => {
  for (const [words, name] of [
    [["123", "456", "789"], "123456789"],
    [["123456789/r"], "123456789/r"],
    [["192.168.1.20"], "192.168.1.20"],
    [["desk.lan:5000"], "desk.lan:5000"],
    [["[fd00::1]:21118"], "fd00::1"],
    // A key says nothing to a person.
    [[`123456789@rd.example.org?key=${KEY}`], "123456789@rd.example.org"],
  ] as const) {
    const destination = destinationIn(words);
    assert.deepEqual([destination.name, destination.fromLink], [name, false]);
  }
  const linked = destinationIn([`pulpit:123456789@rd.example.org?key=${encodeURIComponent(KEY)}&password=x`]);
  assert.equal(linked.fromLink, true);
  assert.ok(linked.target.type === "id" && linked.target.serverKey === KEY);
});

test("what can't be meant is refused, without the text", () => {
  for (const text of ["", "12345", "a:secret@b", "https://example.org/secret", "1.2.3.4:0", "12\u00003456789"]) {
    assert.throws(
      () => destinationIn([text]),
      (error) => error instanceof UsageError && !error.message.includes("secret"),
    );
  }
});

test("a host is told this computer's ID and user, and a damaged profile is no hindrance", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const profile = new ProfileFolder(folder);
  const first = identityHere(profile);
  assert.match(first.id, /^\d{9,10}$/);
  assert.deepEqual(identityHere(profile), first);
  profile.write("host.json", { id: 1 });
  assert.notEqual(identityHere(profile).id, "");
});

test("it ends when nobody has opened the page, or the last one is gone for longer than a reload", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const never = new PageLife();
    mock.timers.tick(60_000);
    assert.equal(await never.over, "never-opened");
    const life = new PageLife();
    life.changed(1);
    mock.timers.tick(1_000_000);
    life.changed(0);
    mock.timers.tick(9_000);
    life.changed(1);
    mock.timers.tick(1_000_000);
    const over = life.over;
    assert.equal(await Promise.race([over, Promise.resolve("open")]), "open");
    life.changed(0);
    mock.timers.tick(10_000);
    assert.equal(await over, "closed");
  } finally {
    mock.timers.reset();
  }
});
