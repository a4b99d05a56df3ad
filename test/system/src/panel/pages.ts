import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { remotePicture } from "../browser.ts";
import type { Program } from "./program.ts";

/** Long enough for a busy machine, ms. */
const PATIENCE = 30_000;

/** A person's browser at the host, in English, with its page opened. Closed with its context. */
export async function openPanel(browser: Browser, link: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

/** Who calls from a browser: name and ID as the viewer's page keeps them. */
export interface Caller {
  readonly name: string;
  readonly id: string;
}

/** A browser of its own for somebody who calls, so that nothing another one keeps is in it. */
export async function openCaller(browser: Browser, caller: Caller): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 900, height: 760 }, locale: "en" });
  context.setDefaultTimeout(PATIENCE);
  await context.addInitScript(({ name, id }) => {
    localStorage.setItem("pulpit.name", name);
    localStorage.setItem("pulpit.viewer-id", id);
  }, caller);
  return context;
}

/** Calls an ID from the viewer's page; what happens next is on the page. */
export async function call(context: BrowserContext, program: Program, id: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${program.url}/connect/${id}`);
  await page.getByRole("button", { name: "Connect" }).click();
  return page;
}

export async function givePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Waits until the viewer shows more than one colour of the desktop. */
export async function picture(page: Page): Promise<void> {
  await page.getByRole("toolbar").waitFor();
  await until("a picture", async () => new Set((await remotePicture(page)).data).size > 20);
}

export const dialog = (panel: Page): ReturnType<Page["getByRole"]> =>
  panel.getByRole("dialog", { name: "Somebody wants to come in" });

/** Where the host's page shows the one-time password. */
export const PASSWORD = ".read-out.secret-text";

/** The one-time password as the page of the host shows it. */
export async function oneTimePassword(panel: Page): Promise<string> {
  await screen(panel, "Home");
  return (await panel.locator(PASSWORD).textContent()) ?? "";
}

export async function screen(panel: Page, name: "Home" | "Settings" | "History"): Promise<void> {
  await panel.getByRole("tab", { name, exact: true }).click();
}

export async function settings(
  panel: Page,
  group: "Ways in" | "Who may come" | "Permissions" | "This computer",
): Promise<void> {
  await screen(panel, "Settings");
  await panel.getByRole("tab", { name: group, exact: true }).click();
}

/** Looks again and again until it is so. */
export async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = PATIENCE / 50; !(await done()); left--) {
    if (left <= 0) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
