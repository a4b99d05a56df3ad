import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crypto, FIRST_FILE, journalIn, keys, started, written } from "../../test/journals.ts";
import { profile } from "../../test/profile.ts";
import { verifyJournal } from "./verify.ts";

test("lines that the head had not counted yet are taken up after a crash", async (t) => {
  const folder = profile(t);
  written(folder, ["1"]);
  const head = readFileSync(join(folder.path, "journal.head"));
  written(folder, ["2", "3"]);
  writeFileSync(join(folder.path, "journal.head"), head);
  const faults: Error[] = [];
  const journal = journalIn(folder, { faults });
  journal.append(started("4"));
  journal.close();
  assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 4 });
  assert.deepEqual(faults, []);
});

test("the half line that a crash left is cut off and reported, wherever it ends", async (t) => {
  const model = profile(t);
  written(model, ["1"]);
  const head = readFileSync(join(model.path, "journal.head"));
  const one = readFileSync(join(model.path, FIRST_FILE)).length;
  written(model, ["2"]);
  const both = readFileSync(join(model.path, FIRST_FILE));
  for (let end = one + 1; end < both.length; end += 7) {
    const folder = profile(t);
    writeFileSync(join(folder.path, FIRST_FILE), both.subarray(0, end));
    writeFileSync(join(folder.path, "journal.head"), head);
    assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 1 });
    const faults: Error[] = [];
    const journal = journalIn(folder, { faults });
    journal.append(started("3"));
    journal.close();
    assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 2 });
    assert.deepEqual(
      faults.map((fault) => "code" in fault && fault.code),
      ["half-written"],
    );
  }
});

test("a crash before the first line leaves a journal that can go on", async (t) => {
  const folder = profile(t);
  writeFileSync(join(folder.path, FIRST_FILE), "");
  const fresh = profile(t);
  const journal = journalIn(fresh);
  journal.append(started("1"));
  // As it is on disk before the first line: an empty file and a head that counts nothing.
  const path = join(folder.path, "journal.head");
  writeFileSync(path, readFileSync(join(fresh.path, "journal.head")));
  journal.close();
  const faults: Error[] = [];
  const again = journalIn(folder, { faults });
  again.append(started("1"));
  again.close();
  assert.deepEqual(faults, []);
  assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 1 });
});

test("a disk that takes nothing is reported once, and all is written when it does again, without a gap", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  const faults: Error[] = [];
  const journal = journalIn(folder, { faults });
  t.after(() => journal.close());
  // As much in the way as a full disk would be.
  mkdirSync(join(folder.path, FIRST_FILE));
  for (const version of ["1", "2"]) journal.append(started(version));
  t.mock.timers.tick(5000);
  assert.equal(faults.length, 1);
  rmSync(join(folder.path, FIRST_FILE), { recursive: true });
  t.mock.timers.tick(1000);
  journal.append(started("3"));
  assert.deepEqual(
    journal.page(0, 10).map(({ number, event }) => [number, event]),
    [
      [3, started("3")],
      [2, started("2")],
      [1, started("1")],
    ],
  );
  assert.deepEqual(await journal.verify(), { type: "whole", entries: 3 });
});

test("what a failed write left of a line is gone before the next one", async (t) => {
  const folder = profile(t);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  journal.append(started("1"));
  appendFileSync(join(folder.path, FIRST_FILE), '{"n":2,"at":');
  journal.append(started("2"));
  assert.deepEqual(await journal.verify(), { type: "whole", entries: 2 });
});

test("no more than a thousand entries wait for the disk", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  const faults: Error[] = [];
  const journal = journalIn(folder, { faults });
  t.after(() => journal.close());
  mkdirSync(join(folder.path, "journal.head"));
  for (let i = 0; i < 1100; i++) journal.append(started(String(i)));
  rmSync(join(folder.path, "journal.head"), { recursive: true });
  t.mock.timers.tick(1000);
  assert.equal(journal.page(0, 1)[0]?.number, 1000);
  assert.equal(faults.length, 2);
});
