import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { call, givePassword, openCaller, openPanel, picture, screen, settings } from "./pages.ts";
import { type Program, startProgram } from "./program.ts";

const PASSWORD = "seven grey herons wade";
const NEW_ID = "workshop-1";
const stack = new AsyncDisposableStack();
let program: Program;
let browser: Browser;
let panel: Page;
/** Jan's browser, which remembers the host's key. */
let jan: BrowserContext;

before(async () => {
  [program, browser] = await Promise.all([startProgram(), startBrowser()]);
  stack.use(program);
  stack.defer(() => browser.close());
  panel = await openPanel(browser, await program.link());
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  jan = await openCaller(browser, { name: "Jan Kos", id: "web-456789123" });
  await program.host("set", "approval", "password");
});
after(() => stack.disposeAsync());

const journalOf = (home: string): string =>
  join(home, readdirSync(home).find((name) => /^journal-\d+\.jsonl$/.test(name)) as string);
const shownFingerprint = async (page: Page): Promise<string> =>
  ((await page.locator(".fingerprint").first().textContent()) ?? "").trim();

test("a weak permanent password is refused with words; a good one lets in", async () => {
  await settings(panel, "Ways in");
  const field = panel.getByLabel("New permanent password");
  const save = panel.getByRole("button", { name: "Set the password" });
  await field.fill("short");
  await panel.getByText("Too short: 8 characters at least.").waitFor();
  assert.ok(await save.isDisabled());
  await field.fill("password123");
  await panel.getByText("Weak: it can be guessed.").waitFor();
  await save.click();
  await panel.getByText("This password is too easy to guess.").waitFor();
  await panel.getByText("No permanent password is set.").waitFor();
  await field.fill(PASSWORD);
  await panel.getByText("Strong.").waitFor();
  await save.click();
  await panel.getByText("A permanent password is set.").waitFor();
  const page = await call(jan, program, program.id);
  await givePassword(page, PASSWORD);
  await picture(page);
  await page.close();
});

test("with another ID the computer is found by that one only", async () => {
  await settings(panel, "This computer");
  await panel.getByLabel("New ID").fill("1-bad");
  await panel.getByText("An ID has 6 to 16 characters: a letter first").waitFor();
  await panel.getByLabel("New ID").fill(NEW_ID);
  await panel.getByRole("button", { name: "Change the ID" }).click();
  await panel.getByText(`This computer is now called ${NEW_ID}.`).waitFor();
  await screen(panel, "Home");
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  await panel.getByText(NEW_ID).waitFor();
  const old = await call(jan, program, program.id);
  await old.getByText("This ID is unknown").waitFor();
  await old.close();
  const page = await call(jan, program, NEW_ID);
  await givePassword(page, PASSWORD);
  await picture(page);
  await page.close();
  await panel.getByText("Nobody. Whoever connects").waitFor();
});

test("the history says what happened, and a check finds whatever was changed in it", async () => {
  await screen(panel, "History");
  for (const text of [
    "The permanent password was set.",
    /^\u2068Jan Kos\u2069 came in: Screen\.$/,
    /^\u2068Jan Kos\u2069 left: /,
    /^The ID was changed from .+ to \u2068workshop-1\u2069\.$/,
  ]) {
    await panel.getByText(text).first().waitFor();
  }
  assert.ok(!(await panel.content()).includes(PASSWORD));
  const check = panel.getByRole("button", { name: "Check the history" });
  await check.click();
  await panel.getByText(/^Whole: all \d+ entries are as they were written\.$/).waitFor();
  const file = journalOf(program.home);
  const bytes = readFileSync(file);
  const changed = Buffer.from(bytes);
  const at = bytes.indexOf("Jan Kos");
  changed[at] = "R".charCodeAt(0);
  writeFileSync(file, changed);
  const entry = bytes.subarray(0, at).toString().split("\n").length;
  await check.click();
  await panel.getByText(`Broken at entry ${entry}. It is not as it was written.`).waitFor();
  writeFileSync(file, bytes);
  await check.click();
  await panel.getByText(/^Whole: /).waitFor();
});

test("a browser that knows the computer does not go on when its key has changed", async () => {
  const before = await shownFingerprint(await home());
  // The server's administrator has agreed to another key; without that nobody would find the computer.
  await program.host("stop");
  await program.server("devices", "remove", NEW_ID);
  await program.restart(() => {
    const file = join(program.home, "host.json");
    const identity = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...identity, seed: randomBytes(32).toString("base64") }));
    for (const name of readdirSync(program.home)) {
      if (name.startsWith("journal")) rmSync(join(program.home, name));
    }
  });
  await panel
    .getByText(/Open this page anew|Pulpit has been closed/)
    .first()
    .waitFor();
  panel = await openPanel(browser, await program.link());
  const now = await shownFingerprint(await home());
  assert.notEqual(now, before);
  const page = await call(jan, program, NEW_ID);
  await page.getByText("The computer's key has changed").waitFor();
  const shown = await page.locator(".fingerprint").allTextContents();
  assert.deepEqual(shown, [before, now]);
  assert.equal(await page.getByLabel("Password", { exact: true }).count(), 0);
  // Who has compared it may go on.
  await page.getByRole("button", { name: "I have compared the new key" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
});

/** The host's page on its first screen. */
async function home(): Promise<Page> {
  await screen(panel, "Home");
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  return panel;
}
