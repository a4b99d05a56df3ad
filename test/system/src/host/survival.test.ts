import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ask } from "@pulpit/admin";
import type { HistoryEntry, JournalVerdict } from "@pulpit/host-control";
import { type Servers, startServers } from "../world.ts";
import { Intruder } from "./intruder.ts";
import { type OwnHost, ownHost, type Sharing } from "./own-host.ts";
import { type Proxied, startProxied } from "./proxied.ts";

/** Failures of one address without a pause (core/protocol/src/login). */
const FREE = 3;
const JOURNAL = "journal-000001.jsonl";

let stack: AsyncDisposableStack;
let servers: Servers;
let proxied: Proxied;
let own: OwnHost;
let host: Sharing;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  proxied = stack.use(await startProxied(servers));
  own = stack.use(ownHost());
  host = await own.share(servers);
  stack.defer(() => host[Symbol.asyncDispose]());
});
after(() => stack.disposeAsync());

const history = (): Promise<HistoryEntry[]> =>
  ask(own.socket, "history", { before: 0, limit: 200 }) as Promise<HistoryEntry[]>;
const verify = (): Promise<JournalVerdict> => ask(own.socket, "history.verify", {}) as Promise<JournalVerdict>;

interface KeptAttempts {
  readonly attempts: { readonly failures: readonly [source: string, count: number, last: number][] };
}

function keptAttempts(): KeptAttempts | undefined {
  try {
    return JSON.parse(readFileSync(join(own.home, "attempts.json"), "utf8"));
  } catch {
    // Not written yet.
    return undefined;
  }
}

test("a lock-out outlives the host, even one that was killed, and so does the journal", async () => {
  const place = proxied.from("203.0.113.9");
  const guesser = await Intruder.at(place, host.id);
  for (let i = 0; i < FREE; i++) {
    const heard = i === 0 ? await guesser.login("wrong") : await again(guesser);
    assert.equal(heard, "Wrong Password");
  }
  assert.notEqual(await again(guesser), "Wrong Password");
  const counted = (): boolean => keptAttempts()?.attempts.failures.some(([, count]) => count === FREE) === true;
  while (!counted()) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = await history();
  await host.kill();

  // As if no time had passed: what is written down for the future counts from the moment it is looked at.
  const kept = keptAttempts();
  const late = Date.now() + 3_600_000;
  const failures = kept?.attempts.failures.map(([source, count]) => [source, count, late]);
  writeFileSync(
    join(own.home, "attempts.json"),
    JSON.stringify({ ...kept, attempts: { ...kept?.attempts, failures } }),
  );
  host = await own.share(servers);
  const back = await Intruder.at(place, host.id);
  assert.equal(await back.login(host.password), "Please try 1 minute later");
  await back.leave();
  const other = await Intruder.at(proxied.from("198.51.100.1"), host.id);
  assert.equal(await other.login(host.password), "in");
  await other.leave();

  const entries = await history();
  assert.deepEqual(
    entries.map(({ number }) => number),
    Array.from(entries, (_, i) => entries.length - i),
  );
  assert.deepEqual(entries.slice(-before.length), before);
  assert.equal((await verify()).type, "whole");
  // The killed one had no time to say that it stops.
  assert.deepEqual(
    entries.filter(({ event: { type } }) => type === "started" || type === "stopped").map(({ event }) => event.type),
    ["started", "started"],
  );
});

/** Another wrong proof on the same connection. */
async function again(guesser: Intruder): Promise<string> {
  await guesser.send(guesser.request(new Uint8Array(32)));
  return guesser.answer();
}

test("whatever is done to the journal is found, by the host that runs and by the command on its own", async () => {
  // The last visitor's departure is the last entry; nobody calls meanwhile.
  while ((await history())[0]?.event.type !== "left") await new Promise((resolve) => setTimeout(resolve, 20));
  const path = join(own.home, JOURNAL);
  const headPath = join(own.home, "journal.head");
  const [whole, head] = [readFileSync(path), readFileSync(headPath)];
  const lines = whole.toString("latin1").split("\n").slice(0, -1);
  assert.ok(lines.length > 5);
  const joined = (some: readonly (string | undefined)[]): Buffer => Buffer.from(`${some.join("\n")}\n`, "latin1");
  const flipped = (at: number): Buffer => {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ 1;
    return bytes;
  };
  const third = lines.slice(0, 2).join("\n").length + 1;
  const tampered: readonly (readonly [what: string, content: Buffer, entry: number])[] = [
    ["a flipped bit", flipped(third + 20), 3],
    ["a flipped bit in the last line", flipped(whole.length - 5), lines.length],
    ["a removed entry", joined([...lines.slice(0, 2), ...lines.slice(3)]), 3],
    ["two entries in another order", joined([lines[0], lines[2], lines[1], ...lines.slice(3)]), 2],
    ["an entry twice", joined([...lines.slice(0, 3), lines[2], ...lines.slice(3)]), 4],
    ["a cut-off end", joined(lines.slice(0, -1)), lines.length],
    ["half a line", whole.subarray(0, whole.length - 10), lines.length],
    ["nothing at all", Buffer.alloc(0), 1],
  ];
  for (const [what, content, entry] of tampered) {
    writeFileSync(path, content);
    const found = await verify();
    assert.ok(found.type === "broken", what);
    assert.equal(found.entry, entry, `${what}: ${JSON.stringify(found)}`);
  }
  // All of it replaced by a journal of another computer.
  using other = ownHost();
  for (const approval of ["both", "click"]) await other.run("set", "approval", approval);
  writeFileSync(path, readFileSync(join(other.home, JOURNAL)));
  writeFileSync(headPath, readFileSync(join(other.home, "journal.head")));
  assert.deepEqual(await verify(), { type: "broken", entry: 1, why: "not-ours" });
  writeFileSync(headPath, head);

  writeFileSync(path, flipped(third + 20));
  const { code, out } = await own.run("log", "verify");
  assert.equal(code, 1);
  assert.match(out, /^The log is not as it was written: entry 3, \w/);
  writeFileSync(path, whole);
  assert.deepEqual(await verify(), { type: "whole", entries: lines.length });
  assert.match((await own.run("log")).out, new RegExp(`^${lines.length} {2}\\d{4}-.+Z {2}left {2}`));
});
