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

test("who has no password asks; the person sees who it is, accepts, and the picture is there", async (t) => {
  const page = await call(await anna(t), program, program.id);
  await page.getByText("Waiting for a yes").waitFor();
  const question = dialog(panel);
  await question.waitFor();
  const text = await question.innerText();
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
  assert.match(await card.innerText(), /Anna Nowak/);
  await card.getByRole("button", { name: "Details" }).click();
  await card.getByText("With your consent").waitFor();
  await panel.getByRole("heading", { name: "1 person is connected" }).waitFor();
});

for (const [name, deny] of [
  ["Deny", () => dialog(panel).getByRole("button", { name: "Deny" }).click()],
  ["Escape", () => panel.keyboard.press("Escape")],
  // The safe answer has the focus.
  ["Enter", () => panel.keyboard.press("Enter")],
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

test("the dialog keeps the focus", async (t) => {
  const page = await call(await anna(t), program, program.id);
  const question = dialog(panel);
  await question.waitFor();
  const inside = (): Promise<boolean> => question.evaluate((element) => element.contains(document.activeElement));
  const seen = new Set<string>();
  for (let i = 0; i < 8; i++) {
    await panel.keyboard.press(i < 5 ? "Tab" : "Shift+Tab");
    assert.ok(await inside(), "the focus has left the dialog");
    seen.add(await panel.evaluate(() => document.activeElement?.textContent ?? ""));
  }
  assert.ok(seen.has("Deny") && seen.has("Accept"), [...seen].join());
  // Who hangs up takes the question along.
  await page.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "detached" });
});

test("with a password they need nobody, unless the owner wants to be asked as well", async (t) => {
  const context = await anna(t);
  const first = await call(context, program, program.id);
  await dialog(panel).waitFor();
  await givePassword(first, (await panel.locator(".read-out.secret-text").textContent()) ?? "");
  await picture(first);
  await dialog(panel).waitFor({ state: "detached" });
  await first.getByRole("button", { name: "Disconnect" }).click();
  await panel.getByText("Nobody. Whoever connects").waitFor();

  await settings(panel, "Ways in");
  await panel.getByRole("radio", { name: "The password and your consent" }).check();
  const second = await call(await anna(t), program, program.id);
  await second.getByLabel("Password", { exact: true }).fill(await oneTimePassword(panel));
  await second.getByRole("button", { name: "Log in" }).click();
  await dialog(panel).getByText("The password was right").waitFor();
  await second.getByText("Waiting for a yes").waitFor();
  await dialog(panel).getByRole("button", { name: "Accept" }).click();
  await picture(second);
});

test("a question that nobody answers is denied by itself", async (t) => {
  await settings(panel, "Ways in");
  await panel.getByRole("radio", { name: "Your consent", exact: true }).check();
  await panel.getByLabel("Time to answer").fill("10");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  const page = await call(await anna(t), program, program.id);
  await dialog(panel)
    .getByText(/Denied by itself in \d seconds/)
    .waitFor();
  await page.getByText("Nobody let you in").waitFor();
  await dialog(panel).waitFor({ state: "detached" });
  await screen(panel, "History");
  await panel.getByText("Nobody answered \u2068Anna Nowak\u2069, so the request was denied.").waitFor();
});
