import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { placeOf, startBrowser } from "../browser.ts";
import { pressedKeys } from "../x-state.ts";
import {
  call,
  givePassword,
  oneTimePassword,
  openCaller,
  openPanel,
  picture,
  screen,
  settings,
  until,
} from "./pages.ts";
import { type Program, startProgram } from "./program.ts";
import { startTerminal } from "./terminal.ts";

const SIZE = { width: 800, height: 600 };
const PIOTR = { name: "Piotr Zieliński", id: "web-234567891" };
const stack = new AsyncDisposableStack();
let program: Program;
let browser: Browser;
let panel: Page;

before(async () => {
  [program, browser] = await Promise.all([startProgram("800x600"), startBrowser()]);
  stack.use(program);
  stack.defer(() => browser.close());
  panel = await openPanel(browser, await program.link());
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  // Nobody is asked in this file: passwords decide.
  await program.host("set", "approval", "password");
});
after(() => stack.disposeAsync());

interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the host's page shows of it. */
  readonly card: Locator;
}

/** Piotr comes in with the one-time password. */
async function visit(t: { after(fn: () => Promise<void>): void }): Promise<Visit> {
  const context = await openCaller(browser, PIOTR);
  t.after(() => context.close());
  const page = await call(context, program, program.id);
  await givePassword(page, await oneTimePassword(panel));
  await picture(page);
  const card = panel.getByRole("article");
  await card.getByText(PIOTR.name).waitFor();
  return { page, context, card };
}

test("a permission that is taken away holds at once, and comes back when it is given back", async (t) => {
  using terminal = stack.use(await startTerminal(program));
  const { page, card } = await visit(t);
  const note = page.getByText("does not let you use its mouse and keyboard");
  const at = await placeOf(page, 300, 300, SIZE);
  await page.mouse.click(at.x, at.y);
  await page.keyboard.type("before ");
  await until("the first words", () => terminal.text() === "before ");
  await card.getByText("used").waitFor();
  // A key that is down when it is taken away does not stay down.
  await page.keyboard.down("Shift");
  await until("Shift", async () => (await pressedKeys(program.display)) === 1);
  await card.getByRole("switch", { name: "Mouse and keyboard" }).click();
  await note.waitFor();
  await until("no key down", async () => (await pressedKeys(program.display)) === 0);
  await page.keyboard.up("Shift");
  await page.keyboard.type("meanwhile ");
  await card.getByRole("switch", { name: "Mouse and keyboard" }).click();
  await note.waitFor({ state: "detached" });
  await page.keyboard.type("after");
  await until("the last word", () => terminal.text().endsWith("after"));
  assert.equal(terminal.text(), "before after");
});

test("hanging up ends the session with the right words", async (t) => {
  const { page, card } = await visit(t);
  await card.getByRole("button", { name: "Disconnect" }).click();
  await page.getByText("The other side has ended the session").waitFor();
  await card.waitFor({ state: "detached" });
});

test("who is stopped by the owner finds the computer offline until it is shared again", async (t) => {
  const { page, context, card } = await visit(t);
  // By keyboard alone.
  await panel.locator("body").click({ position: { x: 1, y: 1 } });
  const focused = (): Promise<string> => panel.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 10 && (await focused()) !== "Stop sharing"; i++) await panel.keyboard.press("Tab");
  assert.equal(await focused(), "Stop sharing");
  await panel.keyboard.press("Enter");
  await page.getByText("The other side has ended the session").waitFor();
  await panel.getByRole("heading", { name: "Sharing is stopped" }).waitFor();
  await card.waitFor({ state: "detached" });
  const again = await call(context, program, program.id);
  await again.getByText("The computer is offline").waitFor();
  await panel.getByRole("button", { name: "Start sharing" }).click();
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  await again.getByRole("button", { name: "Try again" }).click();
  await again.getByLabel("Password", { exact: true }).waitFor();
});

test("who is hung up on and blocked does not come back until the owner lifts it", async (t) => {
  const { page, context, card } = await visit(t);
  await card.getByRole("button", { name: "Hang up and block" }).click();
  const question = panel.getByRole("dialog", { name: "Hang up and block?" });
  await question.getByRole("button", { name: "Hang up and block" }).click();
  await page.getByText("The other side has ended the session").waitFor();
  const again = await call(context, program, program.id);
  await again.getByText("Your network is not let in").waitFor();
  await settings(panel, "Who may come");
  await panel.getByRole("button", { name: /^Remove .*127\.0\.0\.1/ }).click();
  await panel.getByText("No address is blocked.").waitFor();
  // The ID alone still keeps them out.
  await again.getByRole("button", { name: "Try again" }).click();
  await again.getByText("You are not on its list").waitFor();
  await panel.getByRole("button", { name: `Remove ${PIOTR.id}` }).click();
  await panel.getByText("No ID is blocked.").waitFor();
  await again.getByRole("button", { name: "Try again" }).click();
  await again.getByLabel("Password", { exact: true }).waitFor();
});

test("a reload stays in; the link that was used does not let a second browser in", async (t) => {
  const link = await program.link();
  const mine = await openPanel(browser, link);
  t.after(() => mine.context().close());
  await mine.getByRole("heading", { name: "Ready" }).waitFor();
  assert.ok(!mine.url().includes("token"), "the token is still in the address");
  await mine.reload();
  await mine.getByRole("heading", { name: "Ready" }).waitFor();
  const other = await openPanel(browser, link);
  t.after(() => other.context().close());
  await other.getByRole("heading", { name: "Open this page anew" }).waitFor();
  assert.equal(await other.getByRole("button", { name: "Stop sharing" }).count(), 0);
  await screen(mine, "History");
  await mine.getByText(/was no longer allowed: Mouse and keyboard/).waitFor();
});
