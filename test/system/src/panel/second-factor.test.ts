import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { authenticatorCode } from "./authenticator.ts";
import { call, givePassword, oneTimePassword, openCaller, openPanel, picture, screen, settings } from "./pages.ts";
import { type Program, startProgram } from "./program.ts";

const EWA = { name: "Ewa Lis", id: "web-345678912" };
const stack = new AsyncDisposableStack();
let program: Program;
let browser: Browser;
let panel: Page;
/** Ewa's browser, which is trusted later on. */
let ewa: BrowserContext;
let secret: string;
let recoveryCodes: readonly string[];

before(async () => {
  [program, browser] = await Promise.all([startProgram(), startBrowser()]);
  stack.use(program);
  stack.defer(() => browser.close());
  panel = await openPanel(browser, await program.link());
  await panel.getByRole("heading", { name: "Ready" }).waitFor();
  ewa = await openCaller(browser, EWA);
  // Nobody is asked in this file: password and code decide. One password for all of it.
  await program.host("set", "approval", "password");
  await program.host("set", "one-time-renewal", "manual");
});
after(() => stack.disposeAsync());

/** Calls and gives the right password; the code is what comes next. */
async function withPassword(context: BrowserContext): Promise<Page> {
  const page = await call(context, program, program.id);
  await givePassword(page, await oneTimePassword(panel));
  return page;
}

async function giveCode(page: Page, label: "Six digits" | "Recovery code", code: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Disconnect" }).click();
  await panel.getByText("Nobody. Whoever connects").waitFor();
  await page.close();
}

test("it is set up with the text that is shown, and a wrong code does not switch it on", async () => {
  await settings(panel, "Ways in");
  await panel.getByRole("button", { name: "Set up" }).click();
  await panel.getByRole("img", { name: /QR code/ }).waitFor();
  secret = (await panel.locator("form .secret-text").textContent()) ?? "";
  assert.match(secret, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  const right = authenticatorCode(secret);
  const code = panel.getByLabel("Code from the authenticator");
  await code.fill(right === "000000" ? "000001" : "000000");
  await panel.getByRole("button", { name: "Confirm" }).click();
  await panel.getByText("That is not the right code.").waitFor();
  await code.fill(authenticatorCode(secret));
  await panel.getByRole("button", { name: "Confirm" }).click();
  await panel.getByText("Keep these recovery codes").waitFor();
  recoveryCodes = await panel.locator("li.secret-text").allTextContents();
  assert.equal(new Set(recoveryCodes).size, 10);
  await panel.getByRole("button", { name: "I have kept them" }).click();
  await panel.getByText("10 recovery codes left").waitFor();
  // Shown once: neither the page nor a new one has them any more.
  await panel.reload();
  await settings(panel, "Ways in");
  await panel.getByText("10 recovery codes left").waitFor();
  const text = await panel.content();
  for (const gone of [secret, ...recoveryCodes]) assert.ok(!text.includes(gone));
});

test("the password alone is not enough; a wrong code is said so, a right one lets in, and the browser is trusted", async () => {
  const page = await withPassword(ewa);
  await page.getByText("The password was not enough").waitFor();
  await giveCode(page, "Six digits", "000000");
  await page.getByText("That was not the right code").waitFor();
  await page.getByLabel("Don't ask this browser again").check();
  // The code of the step after this one: the one of now may have been used up for the set-up.
  await giveCode(page, "Six digits", authenticatorCode(secret, 1));
  await picture(page);
  await screen(panel, "Home");
  const card = panel.getByRole("article");
  await card.getByRole("button", { name: "Details" }).click();
  await card.getByText("Code from an authenticator").waitFor();
  await leave(page);
});

test("a trusted browser needs no code until it is forgotten", async () => {
  const page = await withPassword(ewa);
  await picture(page);
  await leave(page);
  await settings(panel, "Ways in");
  await panel.getByRole("button", { name: `Forget ${EWA.name}` }).click();
  await panel.getByText("No device is trusted.").waitFor();
  const again = await withPassword(ewa);
  await again.getByText("The password was not enough").waitFor();
  await again.close();
});

test("a recovery code works once", async (t) => {
  const [code] = recoveryCodes as [string];
  const context = await openCaller(browser, { name: "Ewa", id: "web-345678913" });
  t.after(() => context.close());
  const page = await withPassword(context);
  await page.getByRole("button", { name: "use a recovery code" }).click();
  await giveCode(page, "Recovery code", code.toUpperCase());
  await picture(page);
  await leave(page);
  await settings(panel, "Ways in");
  await panel.getByText("9 recovery codes left").waitFor();
  const again = await withPassword(context);
  await again.getByRole("button", { name: "use a recovery code" }).click();
  await giveCode(again, "Recovery code", code);
  await again.getByText("That was not the right code").waitFor();
});

test("switched off, the password alone lets in again", async (t) => {
  await settings(panel, "Ways in");
  await panel.getByRole("button", { name: "Switch off", exact: true }).click();
  const question = panel.getByRole("dialog", { name: "Switch off the second factor?" });
  await question.getByRole("button", { name: "Switch off" }).click();
  await panel.getByRole("button", { name: "Set up" }).waitFor();
  const context = await openCaller(browser, { name: "Ewa", id: "web-345678914" });
  t.after(() => context.close());
  await picture(await withPassword(context));
  await screen(panel, "History");
  for (const text of ["The second factor was switched on.", "The second factor was switched off."]) {
    await panel.getByText(text).waitFor();
  }
});
