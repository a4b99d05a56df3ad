import { type Browser, chromium, type Page } from "playwright-core";
import { PNG } from "pngjs";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A real Chromium with a fresh profile. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

/** R, G, B, A, rows without gaps. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** What the page shows of the remote desktop, pixel for pixel, without the page around it. */
export async function remotePicture(page: Page): Promise<Pixels> {
  const url = await page.evaluate(() => {
    const canvas = document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas") as HTMLCanvasElement;
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    return copy.toDataURL("image/png");
  });
  const { width, height, data } = PNG.sync.read(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** Where a pixel of the remote desktop is on the page, CSS pixels. */
export async function placeOf(
  page: Page,
  x: number,
  y: number,
  size: { width: number; height: number },
): Promise<{ x: number; y: number }> {
  const box = await page.evaluate(() => {
    const picture = document.querySelector("remote-desktop")?.shadowRoot?.querySelector(".picture") as HTMLElement;
    const { left, top, width, height } = picture.getBoundingClientRect();
    return { left, top, width, height };
  });
  return { x: box.left + ((x + 0.5) * box.width) / size.width, y: box.top + ((y + 0.5) * box.height) / size.height };
}

/** Opens the web client and goes through its dialogs like a person. */
export async function logIn(page: Page, url: string, id: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("ID of the other computer").fill(id);
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("toolbar").waitFor();
}
