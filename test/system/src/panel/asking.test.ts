import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startBrowser } from "../browser.ts";
import {
  call,
  dialog,
  givePassword,
  oneTimePassword,
  openCaller,
  openPanel,
  PASSWORD,
  picture,
  screen,
  settings,
} from "./pages.ts";
import { type Program, startProgram } from "./program.ts";

const ANNA = { name: "Anna Nowak", id: "web-123456789" };
const stack = new AsyncDisposableStack();
let program: Program;
let browser: Browser;
let panel: Page;

before(async () => {
  [program, browser] = await Promise.all([startProgram(), startBrowser()]);
  stack.use(program);
  stack.defer(() => browser.close());
  panel = await openPanel(browser, await program.link());
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
});
after(() => stack.disposeAsync());

async function anna(t: { after(fn: () => Promise<void>): void }): Promise<BrowserContext> {
  const context = await openCaller(browser, ANNA);
  t.after(() => context.close());
  return context;
}

/** Decides what it takes to come in, and waits until the host has taken it. */
async function choose(way: string): Promise<void> {
  await settings(panel, "Ways in");
  const choice = panel.getByRole("radio", { name: way, exact: true });
  await choice.click();
  await choice.and(panel.locator(":checked")).waitFor();
}

test("who has no password asks; the person sees who it is, accepts, and the picture is there", async (t) => {
  const page = await call(await anna(t), program, program.id);
  await page.getByText("If somebody is there, they can also let you in").waitFor();
  const question = dialog(panel);
  await question.waitFor();
  const text = (await question.textContent()) ?? "";
  assert.match(text, /Anna Nowak/);
  assert.match(text, /web-123456789/);
  assert.match(text, /127\.0\.0\.1/);
  assert.match(text, /Without a password/);
  assert.match(text, /Denied by itself in \d+ seconds/);
  assert.equal(await panel.title(), "(1) Somebody wants to come in");
  await question.getByRole("button", { name: "Accept" }).click();
  await picture(page);
  await question.waitFor({ state: "detached" });
  const card = panel.getByRole("article");
  await card.getByText("Anna Nowak").waitFor();
  await card.getByRole("button", { name: "Details" }).click();
  await card.getByText("With your consent").waitFor();
  await panel.getByRole("heading", { name: "1 person is connected" }).waitFor();
});

for (const [name, deny] of [
  ["Deny", () => dialog(panel).getByRole("button", { name: "Deny" }).click()],
  ["Escape", () => panel.keyboard.press("Escape")],
] as const) {
  test(`${name} sends them away, and they are told`, async (t) => {
    const page = await call(await anna(t), program, program.id);
    await dialog(panel).waitFor();
    await deny();
    await page.getByText("Nobody let you in").waitFor();
    await dialog(panel).waitFor({ state: "detached" });
    assert.equal(await panel.getByRole("article").count(), 0);
  });
}

test("with a password they need nobody, unless the owner wants to be asked as well", async (t) => {
  const first = await call(await anna(t), program, program.id);
  await dialog(panel).waitFor();
  await givePassword(first, (await panel.locator(PASSWORD).textContent()) ?? "");
  await picture(first);
  await dialog(panel).waitFor({ state: "detached" });
  await first.getByRole("button", { name: "Disconnect" }).click();
  await panel.getByText("Nobody. Whoever connects").waitFor();

  await choose("The password and your consent");
  const second = await call(await anna(t), program, program.id);
  await givePassword(second, await oneTimePassword(panel));
  await dialog(panel).getByText("The password was right").waitFor();
  await second.getByText("Waiting for a yes").waitFor();
  await dialog(panel).getByRole("button", { name: "Accept" }).click();
  await picture(second);
});

test("the dialog keeps the focus, which is on the safe answer at first", async (t) => {
  await choose("Your consent");
  const page = await call(await anna(t), program, program.id);
  await page.getByText("Waiting for a yes").waitFor();
  const question = dialog(panel);
  const safe = question.getByRole("button", { name: "Deny" });
  const accept = question.getByRole("button", { name: "Accept" });
  await question.and(panel.locator(":focus-within")).waitFor();
  await safe.and(panel.locator(":focus")).waitFor();
  await accept.and(panel.locator(":enabled")).waitFor();
  const seen = new Set<string>();
  for (let i = 0; i < 8; i++) {
    await panel.keyboard.press(i < 5 ? "Tab" : "Shift+Tab");
    assert.ok(await question.evaluate((element) => element.contains(document.activeElement)), "the focus has left");
    seen.add(await panel.evaluate(() => document.activeElement?.textContent ?? ""));
  }
  assert.ok(seen.has("Deny") && seen.has("Accept"), [...seen].join());
  await safe.focus();
  await panel.keyboard.press("Enter");
  await page.getByText("Nobody let you in").waitFor();
});

test("a question that nobody answers is denied by itself", async (t) => {
  await settings(panel, "Ways in");
  await panel.getByLabel("Time to answer").fill("10");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  const page = await call(await anna(t), program, program.id);
  await dialog(panel)
    .getByText(/Denied by itself in (10|\d) seconds/)
    .waitFor();
  await page.getByText("Nobody let you in").waitFor();
  await dialog(panel).waitFor({ state: "detached" });
  await screen(panel, "History");
  await panel.getByText("Nobody answered \u2068Anna Nowak\u2069, so the request was denied.").waitFor();
});
