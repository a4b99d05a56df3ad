import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CODES,
  LONGEST,
  MOST_IN,
  raw,
  runningPage,
  statusOf,
  TestTab,
  tokenOf,
  upgradeRequest,
} from "../test/running-page.ts";
import { FIRST_PAUSE, LINK_LIFETIME, MAX_KEYS, MAX_LINKS, MAX_WAITING, MAX_WRONG, OPENING_WITHIN } from "./config.ts";

const guess = "A".repeat(43);

test("a link lets one page in, once, and the key it got lets it in again", async (t) => {
  const { page } = await runningPage(t);
  const token = tokenOf(page.link());
  const tab = new TestTab(page, { token });
  const key = (await tab.key) ?? "";
  assert.match(key, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(await new TestTab(page, { token }).closed, CODES.notLetIn);
  assert.equal(await new TestTab(page, { token: key }).closed, CODES.notLetIn, "a key is no token");
  await tab.leave();
  assert.equal(await new TestTab(page, { key }).key, key);
});

test("what follows the opening at once is its owner's, from the first message on", async (t) => {
  const { page } = await runningPage(t);
  const tab = new TestTab(page, undefined);
  await tab.opened;
  tab.say({ token: tokenOf(page.link()) });
  tab.say("one");
  tab.say("two");
  while (tab.echoes.length < 2) await new Promise((resolve) => tab.socket.once("message", resolve));
  assert.deepEqual(tab.echoes, ['"one"', '"two"']);
});

test("of many pages that come with one token at once, one gets in", async (t) => {
  const { page } = await runningPage(t);
  const token = tokenOf(page.link());
  const tabs = Array.from({ length: MAX_WAITING }, () => new TestTab(page, undefined));
  await Promise.all(tabs.map(({ opened }) => opened));
  for (const tab of tabs) tab.say({ token });
  const keys = await Promise.all(tabs.map(({ key }) => key));
  assert.equal(keys.filter((key) => key !== undefined).length, 1);
  const outside = tabs.filter((_, n) => keys[n] === undefined);
  assert.deepEqual(await Promise.all(outside.map(({ closed }) => closed)), Array(MAX_WAITING - 1).fill(CODES.notLetIn));
});

test("a link holds for a minute, and the last sixteen of them hold", async (t) => {
  const { page, advance } = await runningPage(t);
  const late = tokenOf(page.link());
  advance(LINK_LIFETIME);
  assert.equal(await new TestTab(page, { token: late }).closed, CODES.notLetIn);
  const [first, second] = Array.from({ length: MAX_LINKS + 1 }, () => tokenOf(page.link()));
  assert.equal(await new TestTab(page, { token: first }).closed, CODES.notLetIn);
  assert.ok(await new TestTab(page, { token: second }).key);
});

test("the key not used for longest is forgotten", async (t) => {
  const { page } = await runningPage(t);
  const keys: string[] = [];
  for (let n = 0; n < MAX_KEYS; n++) {
    const tab = new TestTab(page, { token: tokenOf(page.link()) });
    keys.push((await tab.key) ?? "");
    await tab.leave();
  }
  const [oldest, second] = keys as [string, string];
  const again = new TestTab(page, { key: oldest });
  assert.equal(await again.key, oldest);
  assert.ok(await new TestTab(page, { token: tokenOf(page.link()) }).key);
  assert.equal(await new TestTab(page, { key: second }).closed, CODES.notLetIn);
  await again.leave();
  assert.equal(await new TestTab(page, { key: oldest }).key, oldest);
});

test("what is no opening lets nobody in", async (t) => {
  const { page } = await runningPage(t);
  for (const opening of [
    {},
    null,
    [],
    "token",
    { token: 1 },
    { token: "" },
    { key: guess },
    { number: 1, question: "view" },
  ]) {
    assert.equal(await new TestTab(page, opening).closed, CODES.notLetIn, JSON.stringify(opening));
  }
  const tab = new TestTab(page, undefined);
  tab.socket.once("open", () => tab.socket.send("{"));
  assert.equal(await tab.closed, CODES.notLetIn);
  const binary = new TestTab(page, undefined);
  const token = tokenOf(page.link());
  binary.socket.once("open", () => binary.socket.send(Buffer.from(JSON.stringify({ token }))));
  assert.equal(await binary.closed, CODES.notLetIn);
});

test("a page that says nothing is closed, and there are only a few of them", async (t) => {
  const { page, advance } = await runningPage(t);
  const silent = Array.from({ length: MAX_WAITING }, () => new TestTab(page, undefined));
  await Promise.all(silent.map(({ opened }) => opened));
  const host = `127.0.0.1:${page.port}`;
  assert.equal(statusOf(await raw(page.port, upgradeRequest([`Host: ${host}`, `Origin: http://${host}`]))), 429);
  advance(OPENING_WITHIN - 1);
  const last = silent.pop() as TestTab;
  last.say({ token: tokenOf(page.link()) });
  assert.ok(await last.key);
  advance(1);
  for (const tab of silent) assert.equal(await tab.closed, CODES.notLetIn);
  advance(OPENING_WITHIN);
  assert.equal(last.socket.readyState, last.socket.OPEN);
});

test("after many wrong ones nobody is let in for a pause that grows", async (t) => {
  const { page, advance, lines } = await runningPage(t);
  const isLetIn = async (opening: unknown): Promise<boolean> => (await new TestTab(page, opening).key) !== undefined;
  const wrong = async (): Promise<void> => assert.equal(await isLetIn({ key: guess }), false);
  for (let n = 0; n < MAX_WRONG; n++) await wrong();
  const token = tokenOf(page.link());
  assert.equal(await isLetIn({ token }), false);
  advance(FIRST_PAUSE);
  await wrong();
  advance(FIRST_PAUSE);
  assert.equal(await isLetIn({ token }), false, "the second pause is longer");
  advance(FIRST_PAUSE);
  assert.equal(await isLetIn({ token }), true, "it was not used up meanwhile");
  await wrong();
  assert.equal(await isLetIn({ token: tokenOf(page.link()) }), true, "the count began anew");
  const log = lines.join("\n");
  assert.match(log, /too many wrong/);
  assert.ok(!log.includes(guess) && !log.includes(token));
});

test("more pages than allowed are told so, and their token still holds", async (t) => {
  const { page } = await runningPage(t);
  const tabs: TestTab[] = [];
  for (let n = 0; n < MOST_IN; n++) {
    const tab = new TestTab(page, { token: tokenOf(page.link()) });
    assert.ok(await tab.key);
    tabs.push(tab);
  }
  const token = tokenOf(page.link());
  assert.equal(await new TestTab(page, { token }).closed, CODES.tooMany);
  await tabs[0]?.leave();
  assert.ok(await new TestTab(page, { token }).key);
});

test("a longer message than allowed ends the page, in or not", async (t) => {
  const { page } = await runningPage(t);
  const tab = new TestTab(page, { token: tokenOf(page.link()) });
  await tab.key;
  tab.socket.send(" ".repeat(LONGEST + 1));
  assert.equal(await tab.closed, 1009);
  const outside = new TestTab(page, undefined);
  await outside.opened;
  outside.socket.send(" ".repeat(LONGEST + 1));
  assert.equal(await outside.closed, 1009);
  assert.ok(await new TestTab(page, { token: tokenOf(page.link()) }).key);
});

test("when the program ends, pages in and waiting are told", async (t) => {
  const { page } = await runningPage(t);
  const tab = new TestTab(page, { token: tokenOf(page.link()) });
  await tab.key;
  const waiting = new TestTab(page, undefined);
  await waiting.opened;
  await page[Symbol.asyncDispose]();
  assert.equal(await tab.closed, CODES.over);
  assert.equal(await waiting.closed, CODES.over);
  await assert.rejects(fetch(page.url));
});
