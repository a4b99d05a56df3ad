import assert from "node:assert/strict";
import { test } from "node:test";
import { PageClose } from "@pulpit/host-control";
import { pageIn, runningPanel, TestPage, tokenOf } from "../test/running-panel.ts";
import { MAX_MESSAGE, MAX_PAGES } from "./config.ts";

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

test("a page that says nothing is told that it is not let in", async (t) => {
  const { panel, advance } = await runningPanel(t);
  const page = new TestPage(panel, undefined);
  await new Promise((resolve) => page.socket.once("open", resolve));
  advance(60_000);
  assert.equal(await page.closed, PageClose.notLetIn);
});

test("pages that are in are counted, and those that went are not", async (t) => {
  const { panel } = await runningPanel(t);
  const first = await pageIn(panel);
  await pageIn(panel);
  assert.equal(panel.pages, 2);
  first.socket.close();
  // This end may know it before the other one does.
  while (panel.pages === 2) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(panel.pages, 1);
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
