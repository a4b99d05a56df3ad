import assert from "node:assert/strict";
import { test } from "node:test";
import { type HistoryEntry, HostRefusal, type HostView, PageClose } from "@pulpit/host-control";
import { pageIn, runningPanel, TestPage, tokenOf } from "../test/running-panel.ts";
import { COMMANDS_AT_ONCE, COMMANDS_PER_SECOND, MAX_QUEUED, MAX_UNREAD } from "./config.ts";

test("every page is shown every change", async (t) => {
  const { panel, show } = await runningPanel(t);
  const pages = [await pageIn(panel), await pageIn(panel)];
  show("second");
  for (const page of pages) await page.got("view", ({ view }) => view.id === "second");
});

test("commands are answered, one after the other, each with its number", async (t) => {
  const happened: string[] = [];
  const gates: (() => void)[] = [];
  const { panel } = await runningPanel(t, {
    handlers: {
      async "id.change"({ id }) {
        happened.push(`${id} begins`);
        await new Promise<void>((resolve) => gates.push(resolve));
        happened.push(`${id} ends`);
        return {};
      },
      "history.verify": () => ({ type: "whole", entries: 3 }),
    },
  });
  const page = await pageIn(panel);
  page.say({ number: 7, question: "id.change", id: "one" });
  page.say({ number: 8, question: "id.change", id: "two" });
  page.say({ number: 9, question: "history.verify" });
  // Another page does not wait for it.
  const other = await pageIn(panel);
  other.say({ number: 1, question: "history.verify" });
  await other.got("answer");
  assert.deepEqual(happened, ["one begins"]);
  gates.shift()?.();
  await page.got("answer", ({ number }) => number === 7);
  while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve));
  gates.shift()?.();
  const last = await page.got("answer", ({ number }) => number === 9);
  assert.deepEqual(last.answer, { type: "whole", entries: 3 });
  assert.deepEqual(happened, ["one begins", "one ends", "two begins", "two ends"]);
});

test("a refusal comes with its reason; a failure is neither told nor logged with what it carries", async (t) => {
  const { panel, lines } = await runningPanel(t, {
    handlers: {
      "settings.set": ({ name }) => {
        throw new HostRefusal("bad-value", `${name} is a number`);
      },
      "second-factor.off": () => {
        throw new HostRefusal("gone");
      },
      "password.set": ({ password }) => {
        throw new TypeError(`could not keep ${password}`);
      },
      "second-factor.confirm": async ({ code }) => {
        throw `no ${code}`;
      },
      "trusted.forget": () => {
        throw new RangeError("the disk is full");
      },
    },
  });
  const page = await pageIn(panel);
  page.say({ number: 1, question: "settings.set", name: "idle-minutes", value: "x" });
  page.say({ number: 2, question: "second-factor.off" });
  page.say({ number: 3, question: "password.set", password: "correct horse" });
  page.say({ number: 4, question: "second-factor.confirm", code: "123456" });
  page.say({ number: 5, question: "trusted.forget", device: "d" });
  page.say({ number: 6, question: "toString" });
  page.say({ number: 7, question: "password.set" });
  await page.got("refusal", ({ number }) => number === 7);
  const refusals = page.messages.filter(({ type }) => type === "refusal");
  assert.deepEqual(refusals, [
    { type: "refusal", number: 1, code: "bad-value", detail: "idle-minutes is a number" },
    { type: "refusal", number: 2, code: "gone" },
    { type: "refusal", number: 3, code: "broken" },
    { type: "refusal", number: 4, code: "broken" },
    { type: "refusal", number: 5, code: "broken" },
    { type: "refusal", number: 6, code: "bad-question" },
    { type: "refusal", number: 7, code: "bad-question" },
  ]);
  const log = lines.join("\n");
  assert.match(log, /"password\.set","reason":"TypeError"/);
  assert.match(log, /the disk is full/);
  assert.doesNotMatch(log, /horse|123456/);
});

test("what has no number ends the page", async (t) => {
  const { panel } = await runningPanel(t);
  for (const text of [
    "{",
    "null",
    "[]",
    "1",
    '{"question":"view"}',
    '{"number":"1","question":"view"}',
    '{"number":1.5}',
  ]) {
    const page = await pageIn(panel);
    page.socket.send(text);
    assert.equal(await page.closed, 1008, text);
  }
});

test("a page gives so many commands a second and no more", async (t) => {
  let count = 0;
  const { panel, advance } = await runningPanel(t, {
    handlers: {
      "service.start": () => {
        count += 1;
        return {};
      },
    },
  });
  const page = await pageIn(panel);
  for (let number = 1; number <= COMMANDS_AT_ONCE; number++) page.say({ number, question: "service.start" });
  await page.got("answer", ({ number }) => number === COMMANDS_AT_ONCE);
  advance(1000);
  for (let number = 1; number <= COMMANDS_PER_SECOND; number++)
    page.say({ number: number + 1000, question: "service.start" });
  await page.got("answer", ({ number }) => number === 1000 + COMMANDS_PER_SECOND);
  page.say({ number: 2000, question: "service.start" });
  assert.equal(await page.closed, PageClose.tooMany);
  assert.equal(count, COMMANDS_AT_ONCE + COMMANDS_PER_SECOND);
});

test("commands that wait for one that takes long are bounded, and go with their page", async (t) => {
  let done = 0;
  let release = (): void => undefined;
  const { panel, advance } = await runningPanel(t, {
    handlers: {
      async "service.stop"() {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return {};
      },
      "service.start": () => {
        done += 1;
        return {};
      },
    },
  });
  const page = await pageIn(panel);
  page.say({ number: 0, question: "service.stop" });
  for (let number = 1; number < COMMANDS_AT_ONCE; number++) page.say({ number, question: "service.start" });
  // A second page's answer comes after all of that was read.
  const other = await pageIn(panel);
  other.say({ number: 1, question: "service.start" });
  await other.got("answer");
  advance(1000);
  for (let number = COMMANDS_AT_ONCE; number <= MAX_QUEUED; number++) page.say({ number, question: "service.start" });
  page.say({ number: MAX_QUEUED + 1, question: "service.start" });
  assert.equal(await page.closed, PageClose.tooMany);
  release();
  other.say({ number: 2, question: "service.start" });
  await other.got("answer", ({ number }) => number === 2);
  assert.equal(done, 2);
});

test("a page that reads gets all it asked for at once", async (t) => {
  const entry = { at: "x".repeat(MAX_UNREAD / 10) } as HistoryEntry;
  const { panel } = await runningPanel(t, { handlers: { history: () => [entry] } });
  const page = await pageIn(panel);
  for (let number = 1; number <= COMMANDS_AT_ONCE; number++)
    page.say({ number, question: "history", before: 0, limit: 1 });
  await page.got("answer", ({ number }) => number === COMMANDS_AT_ONCE);
});

test("a slow page gets the newest view only, once it reads again", async (t) => {
  let made = 0;
  let id = 0;
  const { panel, show } = await runningPanel(t, {
    view: () => {
      made += 1;
      // More than the system takes between two processes that do not read.
      return { id: String(id), version: "x".repeat(16 * 1024 * 1024) } as HostView;
    },
  });
  const page = await pageIn(panel);
  await page.got("view");
  page.socket.pause();
  for (id = 1; id < 50; id++) {
    show("changed");
    await new Promise((resolve) => setImmediate(resolve));
  }
  id = 50;
  show("changed");
  const before = made;
  page.socket.resume();
  await page.got("view", ({ view }) => view.id === "50");
  assert.ok(before <= 3, `${before} views for a page that does not read`);
  assert.ok(page.messages.length <= 5, `${page.messages.length} messages`);
});

test("a page that does not read what it asked for is closed", async (t) => {
  const entry = { at: "x".repeat(4 * MAX_UNREAD) } as HistoryEntry;
  let answered = 0;
  const { panel, lines } = await runningPanel(t, {
    handlers: {
      history: () => {
        answered += 1;
        return [entry];
      },
    },
  });
  const page = await pageIn(panel);
  page.socket.pause();
  for (let number = 1; number <= 50; number++) page.say({ number, question: "history", before: 0, limit: 1 });
  while (!lines.some((line) => line.includes("does not read"))) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(answered < 50, `${answered} answers`);
  page.socket.resume();
  assert.equal(await page.closed, 1006);
});

test("a view that can't be made ends the page and not the host, and what it holds is not logged", async (t) => {
  const { panel, lines } = await runningPanel(t, {
    view: () => {
      throw new Error("one-time password is 123456");
    },
  });
  const page = new TestPage(panel, { token: tokenOf(panel.link()) });
  assert.equal(await page.closed, 1011);
  assert.doesNotMatch(lines.join("\n"), /123456/);
  assert.equal((await fetch(panel.url)).status, 200);
});
