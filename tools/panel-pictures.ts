// Takes pictures of every screen of the host's page, in both languages and appearances, wide and narrow, into
// docs/images/panel. Run by hand: node tools/panel-pictures.ts
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { placeOf, startBrowser } from "../test/system/src/browser.ts";
import { authenticatorCode } from "../test/system/src/panel/authenticator.ts";
import {
  call,
  dialog,
  givePassword,
  openCaller,
  openPanel,
  PASSWORD,
  picture,
} from "../test/system/src/panel/pages.ts";
import { startProgram } from "../test/system/src/panel/program.ts";
import { smallPng } from "../test/system/src/panel/small-png.ts";

const FOLDER = fileURLToPath(new URL("../docs/images/panel/", import.meta.url));
/** Largest picture, bytes: they live in the repository. */
const LARGEST = 200_000;
const LANGUAGES = ["en", "pl"] as const;
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = { 1280: 800, 360: 740 } as const;
const PERMANENT = "seven grey herons wade";

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const program = stack.use(await startProgram("1280x800"));
const browser = await startBrowser();
stack.defer(() => browser.close());
const panel = await openPanel(browser, await program.link(), { locale: "en-GB", reducedMotion: "reduce" });
await panel.getByRole("heading", { name: "Ready" }).waitFor();
await program.host("set", "accept-seconds", "170");
await program.host("set", "allow-camera", "no");

const tab = (place: number): Promise<void> => panel.locator("nav [role=tab]").nth(place).click();
const group = async (place: number): Promise<void> => {
  await tab(1);
  await panel.locator("main [role=tablist] [role=tab]").nth(place).click();
};

const secondFactor = panel.locator("main section:visible").nth(3);
await everywhere(
  "enrolment",
  async () => {
    await group(0);
    await secondFactor.getByRole("button").first().click();
    await panel.locator(".qr").waitFor();
  },
  secondFactor,
);

const { context, page } = await history();
await everywhere("home", () => tab(0));
await everywhere("settings-ways-in", () => group(0));
await everywhere("settings-who", () => group(1));
await everywhere("settings-permissions", () => group(2));
await everywhere("settings-computer", () => group(3));
const again = await comeBack(context);
await everywhere("session", async () => {
  await tab(0);
  await panel.getByRole("article").waitFor();
});
await everywhere("history", () => tab(2));

const stranger = await openCaller(browser, { name: "Marek z działu IT", id: "web-567891234" });
await call(stranger, program, program.id);
await everywhere("request", async () => {
  await panel.getByRole("dialog").waitFor();
  await panel.locator("[role=dialog] button:enabled").nth(1).waitFor();
});
await again.close();
await page.close();

/** Shows something in every language, appearance and width, and takes pictures: of `part`, or of the whole page. */
async function everywhere(name: string, show: () => Promise<void>, part?: Locator): Promise<void> {
  for (const language of LANGUAGES) {
    for (const scheme of SCHEMES) {
      for (const [width, height] of Object.entries(WIDTHS)) {
        await panel.setViewportSize({ width: Number(width), height });
        await panel.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        await panel.evaluate((chosen) => localStorage.setItem("pulpit.language", chosen), language);
        await panel.reload();
        await panel.locator("nav [role=tab]").first().waitFor();
        await show();
        await panel.mouse.move(0, 0);
        await panel.evaluate(() => document.fonts.ready);
        await take(`${name}.${language}.${scheme}.${width}`, part);
      }
    }
  }
  await panel.evaluate(() => localStorage.setItem("pulpit.language", "en"));
  await panel.reload();
}

async function take(name: string, part: Locator | undefined): Promise<void> {
  const options = { animations: "disabled", caret: "hide" } as const;
  // A dialog stands in the middle of the window, not of the page.
  const fullPage = (await panel.getByRole("dialog").count()) === 0;
  const bytes = smallPng(await (part?.screenshot(options) ?? panel.screenshot({ ...options, fullPage })));
  if (bytes.length > LARGEST) console.warn(`${name} is large: ${bytes.length} bytes`);
  for (const cut of await panel.evaluate(cutTexts)) console.warn(`${name}: ${cut}`);
  writeFileSync(join(FOLDER, `${name}.png`), bytes);
}

/** What does not fit where it stands; runs in the page. */
function cutTexts(): readonly string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide`);
  for (const element of document.querySelectorAll<HTMLElement>("main *, nav *, [role=dialog] *")) {
    const { overflowX, textOverflow } = getComputedStyle(element);
    const hidden = overflowX === "hidden" || overflowX === "clip" || textOverflow === "ellipsis";
    const text = element.textContent?.trim() ?? "";
    if (hidden && text !== "" && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1) {
      found.push(`cut: ${text.slice(0, 60)}`);
    }
  }
  return found;
}

/** A permanent password, a second factor, a trusted device, a wrong password, a visit with things done in it. */
async function history(): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  await panel.getByRole("tab", { name: "Settings" }).click();
  await panel.getByLabel("New permanent password").fill(PERMANENT);
  await panel.getByRole("button", { name: "Set the password" }).click();
  await panel.getByText("A permanent password is set.").waitFor();
  await panel.getByRole("button", { name: "Set up" }).click();
  const secret = (await panel.locator("form .secret-text").textContent()) ?? "";
  await panel.getByLabel("Code from the authenticator").fill(authenticatorCode(secret));
  await panel.getByRole("button", { name: "Confirm" }).click();
  await panel.getByRole("button", { name: "I have kept them" }).click();
  await panel.getByRole("tab", { name: "Home" }).click();

  const caller = await openCaller(browser, { name: "Anna Nowak", id: "web-123456789" });
  const visit = await call(caller, program, program.id);
  await dialog(panel).waitFor();
  await givePassword(visit, "not-this-one");
  await visit.getByText("That was not the right password").waitFor();
  await givePassword(visit, (await panel.locator(PASSWORD).textContent()) ?? "");
  await visit.getByLabel("Don't ask this browser again").check();
  await visit.getByLabel("Six digits").fill(authenticatorCode(secret, 1));
  await visit.getByRole("button", { name: "Continue" }).click();
  await picture(visit);
  await work(visit);
  const control = panel.getByRole("switch", { name: "Mouse and keyboard" });
  await control.click();
  await visit.getByText("does not let you use its mouse and keyboard").waitFor();
  await control.click();
  await visit.getByRole("button", { name: "Disconnect" }).click();
  await panel.getByText("Nobody. Whoever connects").waitFor();
  return { context: caller, page: visit };
}

async function comeBack(context: BrowserContext): Promise<Page> {
  const visit = await call(context, program, program.id);
  await givePassword(visit, PERMANENT);
  await picture(visit);
  await work(visit);
  return visit;
}

/** Does something with keyboard and mouse, which the host's page shows as used. */
async function work(visit: Page): Promise<void> {
  const at = await placeOf(visit, 640, 400, { width: 1280, height: 800 });
  await visit.mouse.click(at.x, at.y);
  await visit.keyboard.type("ls");
  await panel.getByText("used", { exact: true }).first().waitFor();
}
