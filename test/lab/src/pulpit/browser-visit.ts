/// <reference lib="dom" />
// What a person at a browser does, run on a machine of the lab: lines of JSON in, one line out for each.
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Answer, Order, Seen } from "./visitor.ts";

/** For one step of a page on a machine that is busy, ms. */
const STEP_WITHIN = 30_000;
const SIZE = { width: 1100, height: 760 };

function start(origin: string): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Nobody in the lab can vouch for a certificate; pages without TLS could decode no picture.
      `--unsafely-treat-insecure-origin-as-secure=${origin}`,
    ],
  });
}

async function open(
  browser: Browser,
  origin: string,
  { id, password }: Extract<Order, { do: "visit" }>,
): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZE, locale: "en" });
  context.setDefaultTimeout(STEP_WITHIN);
  const page = await context.newPage();
  await page.goto(origin);
  await page.getByLabel("ID of the other computer").fill(id);
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("toolbar").waitFor();
  return page;
}

/** Waits for the first picture, and reads what the page says about the way it came. */
async function look(page: Page): Promise<Seen> {
  const picture = await page.waitForFunction(() => {
    const canvas = document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas");
    if (canvas == null || canvas.width === 0) return undefined;
    const copy = document.createElement("canvas");
    copy.width = copy.height = 1;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    // Before the first picture it is transparent.
    const opaque = copy.getContext("2d")?.getImageData(0, 0, 1, 1).data[3] === 255;
    return opaque ? { width: canvas.width, height: canvas.height } : undefined;
  });
  await page.getByRole("button", { name: /fps/ }).click();
  await page.getByText("Every way to the other computer").click();
  const cell = async (name: string): Promise<string> =>
    (await page.getByRole("row", { name }).getByRole("cell").first().textContent()) ?? "";
  const ways: Record<string, string> = {};
  for (const row of await page.locator(".ways dl > div").all()) {
    ways[(await row.locator("dt").textContent()) ?? ""] = (await row.locator("dd").textContent()) ?? "";
  }
  const badge = { path: await cell("Path"), transport: await cell("Transport"), ways };
  // Until it has gone it lies over the desktop.
  await page.keyboard.press("Escape");
  await page.getByRole("row", { name: "Path" }).waitFor({ state: "hidden" });
  return { picture: (await picture.jsonValue()) as Seen["picture"], ...badge };
}

/** Moves the pointer all over the desktop. */
async function move(page: Page, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await page.mouse.move(300 + ((i * 37) % 500), 250 + ((i * 23) % 300));
    // A page is told of one movement for each of its pictures.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** The colour of the first pixel of what is shown, and how it is set. */
async function spoil(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (context == null) throw new Error("there is nothing to paint on");
    context.fillStyle = "rgb(255, 0, 255)";
    context.fillRect(0, 0, 8, 8);
  });
}

/** The session is there again, by the relay, with a picture that nobody has painted over and without a question. */
async function returned(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Through the relay · .* fps/ }).waitFor();
  await page.waitForFunction(() => {
    const canvas = document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas");
    if (canvas == null || canvas.width === 0) return false;
    const copy = document.createElement("canvas");
    copy.width = copy.height = 1;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    const [red = 0, green = 0, blue = 0] = copy.getContext("2d")?.getImageData(0, 0, 1, 1).data ?? [];
    return !(red > 200 && green < 50 && blue > 200);
  });
}

const [origin = ""] = process.argv.slice(2);
const browser = await start(origin);
let page: Page | undefined;
const answer = (what: Answer): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  try {
    if (order.do === "visit") {
      page = await open(browser, origin, order);
      answer({ seen: await look(page) });
    } else {
      if (page === undefined) throw new Error("there is no page yet");
      if (order.do === "move") await move(page, order.times);
      else await (order.do === "spoil" ? spoil(page) : returned(page));
      answer({});
    }
  } catch (error) {
    // What the page shows tells more than where it was waited in vain.
    const shown = browser.contexts()[0]?.pages()[0]?.locator("body").ariaSnapshot();
    answer({ failed: `${error}; the page says: ${await shown?.catch(() => undefined)}` });
  }
}
await browser.close();
