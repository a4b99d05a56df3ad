import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { HistoryEvent } from "@pulpit/host-control";
import { crypto, EPOCH, FIRST_FILE, journalIn, keys, otherKeys, started, written } from "../../test/journals.ts";
import { profile } from "../../test/profile.ts";
import { journalPage } from "./page.ts";
import { verifyJournal } from "./verify.ts";

const refused = (address: string, times = 1): HistoryEvent => ({ type: "refused", address, why: "wrong", times });

test("a line is what the format says, and anybody with the public key can check it", (t) => {
  const folder = profile(t);
  written(folder, ["1", "2"]);
  const path = join(folder.path, FIRST_FILE);
  const [first = "", second = ""] = readFileSync(path, "utf8").split("\n");
  const line = JSON.parse(second);
  assert.deepEqual(Object.keys(line), ["n", "at", "event", "prev", "sig"]);
  assert.deepEqual([line.n, line.at, line.event], [2, "2026-01-01T00:00:00.000Z", started("2")]);
  assert.equal(line.prev, Buffer.from(crypto.sha256(Buffer.from(first))).toString("hex"));
  const signed = Buffer.from(`pulpit-journal-1\0${second.slice(0, second.lastIndexOf(',"sig"'))}`);
  assert.ok(crypto.signOpen(Buffer.concat([Buffer.from(line.sig, "base64"), signed]), keys.publicKey));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a journal goes on after a restart and is whole", async (t) => {
  const folder = profile(t);
  written(folder, ["1", "2"]);
  written(folder, []);
  written(folder, ["3"]);
  assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 3 });
});

test("a folder without a journal is whole and empty", async (t) => {
  assert.deepEqual(await verifyJournal(profile(t), crypto, keys.publicKey), { type: "whole", entries: 0 });
});

test("pages are newest first and join without gap or overlap", (t) => {
  const folder = profile(t);
  written(folder, ["1", "2", "3", "4", "5"]);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  const numbers = (before: number, limit: number): number[] => journal.page(before, limit).map(({ number }) => number);
  assert.deepEqual(numbers(0, 2), [5, 4]);
  assert.deepEqual(numbers(4, 2), [3, 2]);
  assert.deepEqual(numbers(2, 2), [1]);
  assert.deepEqual(numbers(1, 2), []);
  assert.deepEqual(journal.page(0, 1), [{ number: 5, at: "2026-01-01T00:00:00.000Z", event: started("5") }]);
});

test("a page shows only what this host wrote", (t) => {
  const folder = profile(t);
  written(folder, ["1"], otherKeys);
  assert.deepEqual(journalPage(folder, crypto, keys.publicKey, { before: 0, limit: 10 }), []);
});

test("equal refusals within a minute are one entry with the time of the first", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  let now = EPOCH;
  const journal = journalIn(folder, { now: () => now });
  t.after(() => journal.close());
  for (let i = 0; i < 3; i++) {
    journal.append(refused("192.0.2.1"));
    now += 10_000;
  }
  journal.append(refused("192.0.2.1", 5));
  journal.append(refused("192.0.2.2"));
  journal.append(started("1"));
  const entries = journal.page(0, 10).map(({ at, event }) => [at.slice(14, 19), event]);
  assert.deepEqual(entries, [
    ["00:30", started("1")],
    ["00:30", refused("192.0.2.2")],
    ["00:00", refused("192.0.2.1", 8)],
  ]);
});

test("a refusal is written down after a minute though nothing else happens", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  const entries = (): number => journalPage(folder, crypto, keys.publicKey, { before: 0, limit: 10 }).length;
  journal.append(refused("192.0.2.1"));
  t.mock.timers.tick(59_999);
  assert.equal(entries(), 0);
  t.mock.timers.tick(1);
  assert.equal(entries(), 1);
});

test("a row of refusals ends after a minute, and a clock that was set back ends it, too", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  let now = EPOCH;
  const journal = journalIn(folder, { now: () => now });
  t.after(() => journal.close());
  for (const time of [0, 59_999, 60_000, -1]) {
    now = EPOCH + time;
    journal.append(refused("192.0.2.1"));
  }
  assert.deepEqual(
    journal.page(0, 10).map(({ event }) => event),
    [refused("192.0.2.1"), refused("192.0.2.1"), refused("192.0.2.1", 2)],
  );
});

test("the head follows within a second", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = profile(t);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  const head = (): unknown => (folder.read("journal.head") as { n: unknown }).n;
  journal.append(started("1"));
  journal.append(started("2"));
  assert.equal(head(), 0);
  t.mock.timers.tick(1000);
  assert.equal(head(), 2);
});

test("a full file is followed by a new one, and the chain goes on", async (t) => {
  const folder = profile(t);
  const journal = journalIn(folder);
  t.after(() => journal.close());
  const long = "x".repeat(15_000);
  for (let i = 0; i < 600; i++) journal.append(started(long));
  assert.deepEqual(readdirSync(folder.path), [FIRST_FILE, "journal-000002.jsonl", "journal.head"]);
  assert.deepEqual(await journal.verify(), { type: "whole", entries: 600 });
  const second = Number(/^\{"n":(\d+)/.exec(readFileSync(join(folder.path, "journal-000002.jsonl"), "utf8"))?.[1]);
  const numbers = journal.page(second + 2, 4).map(({ number }) => number);
  assert.deepEqual(numbers, [second + 1, second, second - 1, second - 2]);
});

test("a text that would not fit into a line is shortened", async (t) => {
  const folder = profile(t);
  const faults: Error[] = [];
  const journal = journalIn(folder, { faults });
  t.after(() => journal.close());
  journal.append({ type: "setting", name: "allowed-addresses", value: "192.0.2.0/24,".repeat(4000) });
  const [entry] = journal.page(0, 1);
  assert.equal(entry?.event.type === "setting" && entry.event.value.length, 501);
  assert.deepEqual(await journal.verify(), { type: "whole", entries: 1 });
  assert.deepEqual(faults, []);
});

test("after the end nothing is taken, and closing twice is closing once", (t) => {
  const journal = journalIn(profile(t));
  journal.close();
  journal.close();
  assert.throws(() => journal.append(started("1")), /closed/);
});
