import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JournalVerdict } from "@pulpit/host-control";
import fc from "fast-check";
import { changeLines, crypto, FIRST_FILE, journalIn, keys, otherKeys, started, written } from "../../test/journals.ts";
import { profile } from "../../test/profile.ts";
import { ProfileFolder } from "../folder.ts";
import { hashOf, lineOf } from "./line.ts";
import { verifyJournal } from "./verify.ts";

const WHOLE = ["1", "2", "3", "4"];

function whole(t: TestContext): { folder: ProfileFolder; path: string; check: () => Promise<JournalVerdict> } {
  const folder = profile(t);
  written(folder, WHOLE);
  return { folder, path: join(folder.path, FIRST_FILE), check: () => verifyJournal(folder, crypto, keys.publicKey) };
}

test("every changed byte is found, in the line it is in", async (t) => {
  const { path, check } = whole(t);
  const good = readFileSync(path);
  for (let at = 0, entry = 1; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = (good[at] as number) ^ (1 << (at % 8));
    writeFileSync(path, bad);
    const verdict = await check();
    assert.equal(verdict.type === "broken" && verdict.entry, entry, `byte ${at}: ${JSON.stringify(verdict)}`);
    assert.notEqual(verdict.type === "broken" && verdict.why, "not-ours", `byte ${at}`);
    if (good[at] === 10) entry++;
  }
});

test("bytes taken out or put in anywhere are found", async (t) => {
  const { path, check } = whole(t);
  const good = readFileSync(path);
  const where = fc.nat(good.length - 1);
  const asItWas = (bytes: Buffer): boolean => bytes.equals(good);
  await fc.assert(
    fc.asyncProperty(where, fc.nat(300), fc.uint8Array({ maxLength: 3 }), async (from, length, put) => {
      const bad = Buffer.concat([good.subarray(0, from), put, good.subarray(from + length)]);
      // Half a line behind a whole journal is what a crash leaves, and no entry.
      const isBehind = bad.subarray(0, good.length).equals(good) && !bad.subarray(good.length).includes(10);
      fc.pre(!asItWas(bad) && !isBehind);
      writeFileSync(path, bad);
      assert.equal((await check()).type, "broken");
    }),
    { numRuns: 300 },
  );
});

test("a removed, a reordered and a repeated line are found", async (t) => {
  const { folder, path, check } = whole(t);
  const good = readFileSync(path);
  const cases: readonly [(lines: string[]) => readonly string[], JournalVerdict][] = [
    [(lines) => lines.toSpliced(1, 1), { type: "broken", entry: 2, why: "missing" }],
    [(lines) => lines.toSpliced(0, 1), { type: "broken", entry: 1, why: "missing" }],
    [([a, b, c, d]) => [a, c, b, d] as string[], { type: "broken", entry: 2, why: "missing" }],
    [([a, b, c, d]) => [a, b, b, c, d] as string[], { type: "broken", entry: 3, why: "changed" }],
    [(lines) => [...lines.slice(0, 2), "", ...lines.slice(2)], { type: "broken", entry: 3, why: "unreadable" }],
    [(lines) => lines.slice(0, 3), { type: "broken", entry: 4, why: "cut-off" }],
    [() => [], { type: "broken", entry: 1, why: "cut-off" }],
  ];
  for (const [change, verdict] of cases) {
    writeFileSync(path, good);
    changeLines(folder, change);
    assert.deepEqual(await check(), verdict);
  }
});

test("a line from elsewhere, with its own good signature, does not fit in", async (t) => {
  const { folder, check } = whole(t);
  const other = profile(t);
  written(other, ["9", "9", "9", "9"]);
  const theirs = readFileSync(join(other.path, FIRST_FILE), "utf8").split("\n");
  changeLines(folder, (lines) => lines.with(1, theirs[1] as string));
  assert.deepEqual(await check(), { type: "broken", entry: 2, why: "changed" });
});

test("an end that was written instead of the one that was left is found, though this host signed both", async (t) => {
  const { folder, path, check } = whole(t);
  const head = readFileSync(join(folder.path, "journal.head"));
  const other = profile(t);
  written(other, [...WHOLE.slice(0, 3), "5"]);
  writeFileSync(path, readFileSync(join(other.path, FIRST_FILE)));
  writeFileSync(join(folder.path, "journal.head"), head);
  assert.deepEqual(await check(), { type: "broken", entry: 4, why: "changed" });
});

test("a journal or an end of it that another key signed is not ours", async (t) => {
  const folder = profile(t);
  written(folder, WHOLE, otherKeys);
  const expected = { type: "broken", entry: 1, why: "not-ours" };
  assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), expected);
  const single = profile(t);
  written(single, ["1"], otherKeys);
  assert.deepEqual(await verifyJournal(single, crypto, keys.publicKey), expected);
});

test("a removed file is found, whichever it is", async (t) => {
  const folder = profile(t);
  const journal = journalIn(folder);
  for (let i = 0; i < 1200; i++) journal.append(started("x".repeat(15_000)));
  journal.close();
  for (const [number, why] of [
    [1, "missing"],
    [2, "missing"],
    [3, "cut-off"],
  ] as const) {
    const copy = join(folder.path, `copy-${number}`);
    mkdirSync(copy);
    for (const name of [FIRST_FILE, "journal-000002.jsonl", "journal-000003.jsonl", "journal.head"]) {
      cpSync(join(folder.path, name), join(copy, name));
    }
    rmSync(join(copy, `journal-00000${number}.jsonl`));
    const verdict = await verifyJournal(new ProfileFolder(copy), crypto, keys.publicKey);
    assert.equal(verdict.type === "broken" && verdict.why, why);
  }
});

test("without the head, or with a forged one, the end counts as cut off", async (t) => {
  const { folder, check } = whole(t);
  const path = join(folder.path, "journal.head");
  changeLines(folder, (lines) => lines.slice(0, 3));
  const head = JSON.parse(readFileSync(path, "utf8"));
  for (const content of [
    undefined,
    "{",
    "null",
    JSON.stringify({ ...head, n: 3 }),
    JSON.stringify({ ...head, n: 1e300 }),
  ]) {
    rmSync(path, { force: true });
    if (content !== undefined) writeFileSync(path, content);
    assert.deepEqual(await check(), { type: "broken", entry: 4, why: "cut-off" });
  }
});

/** One that fits in behind these, signed by somebody else. */
function theirLine(lines: readonly string[]): string {
  const entry = { number: lines.length + 1, at: "2026-01-01T00:00:00.000Z", event: started("theirs") };
  const prev = hashOf(Buffer.from(lines.at(-1) as string), crypto);
  return Buffer.from(lineOf(entry, prev, crypto, otherKeys.secretKey) as Uint8Array).toString();
}

test("what is broken stays broken after the host has gone on writing", async (t) => {
  const changes: readonly ((folder: ProfileFolder) => void)[] = [
    (folder) => changeLines(folder, (lines) => lines.slice(0, 3)),
    (folder) => changeLines(folder, () => []),
    (folder) => changeLines(folder, (lines) => lines.with(3, (lines[3] as string).replace('"4"', '"5"'))),
    (folder) => changeLines(folder, (lines) => [...lines, "junk"]),
    (folder) => changeLines(folder, (lines) => [...lines, theirLine(lines)]),
    (folder) => changeLines(folder, (lines) => lines.with(1, "junk")),
    (folder) => rmSync(join(folder.path, FIRST_FILE)),
    (folder) => rmSync(join(folder.path, "journal.head")),
    (folder) =>
      writeFileSync(join(folder.path, FIRST_FILE), readFileSync(join(folder.path, FIRST_FILE)).subarray(0, -2)),
  ];
  for (const [number, change] of changes.entries()) {
    const folder = profile(t);
    written(folder, WHOLE);
    change(folder);
    const before = await verifyJournal(folder, crypto, keys.publicKey);
    assert.equal(before.type, "broken");
    for (let restarts = 0; restarts < 2; restarts++) {
      const faults: Error[] = [];
      const journal = journalIn(folder, { faults });
      journal.append(started("after"));
      assert.deepEqual(journal.page(0, 1)[0]?.event, started("after"));
      const running = await journal.verify();
      journal.close();
      const after = await verifyJournal(folder, crypto, keys.publicKey);
      assert.deepEqual(running, after, `change ${number}`);
      assert.equal(
        after.type === "broken" && after.entry,
        before.type === "broken" && before.entry,
        `change ${number}`,
      );
      // A change in the middle shows only when all of it is checked.
      if (restarts === 0 && number !== 5) assert.equal(faults.length, 1, `change ${number}`);
    }
  }
});

test("a removal under a running host is found, and what comes after it is kept", async (t) => {
  const { folder, path } = whole(t);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  journal.append(started("5"));
  rmSync(path);
  journal.append(started("6"));
  assert.deepEqual(
    journal.page(0, 10).map(({ number }) => number),
    [6],
  );
  assert.deepEqual(await journal.verify(), { type: "broken", entry: 1, why: "missing" });
});
