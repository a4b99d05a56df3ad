import assert from "node:assert/strict";
import { test } from "node:test";
import { PageClose } from "@pulpit/host-control";
import { pageIn, raw, runningPanel, TestPage, tokenOf, upgradeRequest } from "../test/running-panel.ts";
import {
  FIRST_PAUSE,
  LINK_LIFETIME,
  MAX_KEYS,
  MAX_LINKS,
  MAX_MESSAGE,
  MAX_PAGES,
  MAX_WAITING,
  MAX_WRONG,
  OPENING_WITHIN,
} from "./config.ts";

const guess = "A".repeat(43);

test("a link lets one page in, once, and the key it got lets it in again", async (t) => {
  const { panel } = await runningPanel(t);
  const token = tokenOf(panel.link());
  const page = new TestPage(panel, { token });
  const { key } = await page.got("welcome");
  assert.match(key, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual((await page.got("view")).view, { id: "first" });
  assert.deepEqual(
    page.messages.map(({ type }) => type),
    ["welcome", "view"],
  );
  assert.equal(await new TestPage(panel, { token }).closed, PageClose.notLetIn);
  assert.equal(await new TestPage(panel, { token: key }).closed, PageClose.notLetIn, "a key is no token");
  page.socket.close();
  await page.closed;
  assert.equal((await new TestPage(panel, { key }).got("welcome")).key, key);
});

test("of many pages that come with one token at once, one gets in", async (t) => {
  const { panel } = await runningPanel(t);
  const token = tokenOf(panel.link());
  const pages = Array.from({ length: MAX_WAITING }, () => new TestPage(panel, undefined));
  await Promise.all(pages.map(({ socket }) => new Promise((resolve) => socket.once("open", resolve))));
  for (const page of pages) page.say({ token });
  const outcomes = await Promise.all(
    pages.map((page) =>
      Promise.race([
        page.closed,
        page.got("welcome").then(
          () => "in",
          () => page.closed,
        ),
      ]),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome === "in").length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === PageClose.notLetIn).length, MAX_WAITING - 1);
});

test("a link holds for a minute, and the last sixteen of them hold", async (t) => {
  const { panel, advance } = await runningPanel(t);
  const late = tokenOf(panel.link());
  advance(LINK_LIFETIME);
  assert.equal(await new TestPage(panel, { token: late }).closed, PageClose.notLetIn);
  const [first, second] = Array.from({ length: MAX_LINKS + 1 }, () => tokenOf(panel.link()));
  assert.equal(await new TestPage(panel, { token: first }).closed, PageClose.notLetIn);
  await new TestPage(panel, { token: second }).got("welcome");
});

test("the key not used for longest is forgotten", async (t) => {
  const { panel } = await runningPanel(t);
  const keys: string[] = [];
  for (let n = 0; n < MAX_KEYS; n++) {
    const page = await pageIn(panel);
    keys.push((await page.got("welcome")).key);
    page.socket.close();
    await page.closed;
  }
  const [oldest, second] = keys as [string, string];
  const again = new TestPage(panel, { key: oldest });
  await again.got("welcome");
  await pageIn(panel);
  assert.equal(await new TestPage(panel, { key: second }).closed, PageClose.notLetIn);
  again.socket.close();
  await again.closed;
  await new TestPage(panel, { key: oldest }).got("welcome");
});

test("what is no opening lets nobody in", async (t) => {
  const { panel } = await runningPanel(t);
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
    assert.equal(await new TestPage(panel, opening).closed, PageClose.notLetIn, JSON.stringify(opening));
  }
  const page = new TestPage(panel, undefined);
  page.socket.once("open", () => page.socket.send("{"));
  assert.equal(await page.closed, PageClose.notLetIn);
  const binary = new TestPage(panel, undefined);
  const token = tokenOf(panel.link());
  binary.socket.once("open", () => binary.socket.send(Buffer.from(JSON.stringify({ token }))));
  assert.equal(await binary.closed, PageClose.notLetIn);
});

test("a page that says nothing is closed, and there are only a few of them", async (t) => {
  const { panel, advance } = await runningPanel(t);
  const silent = Array.from({ length: MAX_WAITING }, () => new TestPage(panel, undefined));
  await Promise.all(silent.map(({ socket }) => new Promise((resolve) => socket.once("open", resolve))));
  const host = `127.0.0.1:${panel.port}`;
  assert.match(await raw(panel.port, upgradeRequest([`Host: ${host}`, `Origin: http://${host}`])), /^HTTP\/1\.1 429 /);
  advance(OPENING_WITHIN - 1);
  const last = silent.pop() as TestPage;
  last.say({ token: tokenOf(panel.link()) });
  await last.got("welcome");
  advance(1);
  for (const page of silent) assert.equal(await page.closed, PageClose.notLetIn);
  advance(OPENING_WITHIN);
  assert.equal(last.socket.readyState, last.socket.OPEN);
});

test("after many wrong ones nobody is let in for a pause that grows", async (t) => {
  const { panel, advance, lines } = await runningPanel(t);
  const isLetIn = async (opening: unknown): Promise<boolean> => {
    const page = new TestPage(panel, opening);
    return Promise.race([
      page.closed.then(() => false),
      page.got("welcome").then(
        () => true,
        () => false,
      ),
    ]);
  };
  const wrong = async (): Promise<void> => assert.equal(await isLetIn({ key: guess }), false);
  for (let n = 0; n < MAX_WRONG; n++) await wrong();
  const token = tokenOf(panel.link());
  assert.equal(await isLetIn({ token }), false);
  advance(FIRST_PAUSE);
  await wrong();
  advance(FIRST_PAUSE);
  assert.equal(await isLetIn({ token }), false, "the second pause is longer");
  advance(FIRST_PAUSE);
  assert.equal(await isLetIn({ token }), true, "it was not used up meanwhile");
  await wrong();
  assert.equal(await isLetIn({ token: tokenOf(panel.link()) }), true, "the count began anew");
  const log = lines.join("\n");
  assert.match(log, /too many wrong/);
  assert.ok(!log.includes(guess) && !log.includes(token));
});

test("more pages than allowed are told so, and their token still holds", async (t) => {
  const { panel } = await runningPanel(t);
  const pages: TestPage[] = [];
  for (let n = 0; n < MAX_PAGES; n++) pages.push(await pageIn(panel));
  const token = tokenOf(panel.link());
  assert.equal(await new TestPage(panel, { token }).closed, PageClose.tooMany);
  pages[0]?.socket.close();
  await pages[0]?.closed;
  await new TestPage(panel, { token }).got("welcome");
});

test("a longer message than allowed ends the page", async (t) => {
  const { panel } = await runningPanel(t);
  const page = await pageIn(panel);
  page.socket.send(" ".repeat(MAX_MESSAGE + 1));
  assert.equal(await page.closed, 1009);
  await pageIn(panel);
});

test("when the host ends, pages in and waiting are told", async (t) => {
  const { panel, listeners } = await runningPanel(t);
  const page = await pageIn(panel);
  const waiting = new TestPage(panel, undefined);
  await new Promise((resolve) => waiting.socket.once("open", resolve));
  assert.equal(listeners(), 1);
  await panel[Symbol.asyncDispose]();
  assert.equal(await page.closed, PageClose.hostStopped);
  assert.equal(await waiting.closed, PageClose.hostStopped);
  assert.equal(listeners(), 0);
  await assert.rejects(fetch(panel.url));
});
