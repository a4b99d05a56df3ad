import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openPanel } from "../panel/pages.ts";

/** A page of a browser of its own, closed after the test. */
export async function openPage(
  t: { after(fn: () => Promise<void>): void },
  browser: Browser,
  link: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await openPanel(browser, link, options);
  t.after(() => page.context().close());
  return page;
}

/** Says yes to the key that is shown. */
export async function acceptFirstKey(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Is this the right computer?" }).waitFor();
  await page.getByRole("button", { name: "The keys are the same: connect" }).click();
}

/** What the badge says at first sight. */
export async function badge(page: Page): Promise<{ readonly route: string; readonly security: string }> {
  const pill = page.getByRole("button", { name: /fps/ });
  const [route = ""] = ((await pill.textContent()) ?? "").split(" · ");
  return { route, security: (await pill.locator("svg").getAttribute("aria-label")) ?? "" };
}

/** Which way the session is on, as the badge tells whoever wants to know more. */
export async function wayInUse(page: Page): Promise<string> {
  await page.getByRole("button", { name: /fps/ }).click();
  await page.getByText("Every way to the other computer").click();
  const row = page.locator(".ways dl > div").filter({ hasText: "In use" });
  return (await row.locator("dt").textContent()) ?? "";
}
