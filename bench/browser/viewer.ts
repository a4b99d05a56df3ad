/// <reference lib="dom" />
// A browser on a machine of the lab that logs in, clicks and watches. What to do comes as one line, what it saw goes as one.
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { countBytes, watch } from "../e2e/probe.ts";
import { DESKTOP, WARM_UP } from "../e2e/settings.ts";
import type { Orders, Seen } from "./orders.ts";

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** A click without an effect by then is missed, ms. */
const PATIENCE = 8_000;

const { origin, id, password, way } = JSON.parse(await text(process.stdin)) as Orders;
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  // Nobody in the lab can vouch for a certificate; pages without TLS could decode no picture.
  args: [...FLAGS.split(" "), `--unsafely-treat-insecure-origin-as-secure=${origin}`],
});
const page = await browser.newPage({ viewport: DESKTOP, locale: "en" });
await countBytes(page);
// As in a browser that hands out no packets: the session stays on the data channel.
if (way === "channel") await page.addInitScript(() => Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform"));
await page.goto(origin);
await page.getByLabel("ID of the other computer").fill(way === "relay" ? `${id}/r` : id);
await page.getByRole("button", { name: "Connect" }).click();
await page.getByLabel("Password", { exact: true }).fill(password);
await page.getByRole("button", { name: "Log in" }).click();
await page.getByRole("toolbar").waitFor();
const badge = (await page.getByRole("button", { name: /fps/ }).textContent()) ?? "";
// Ways are in a race: on a line that loses packets the relay wins now and then.
if (badge.includes("relay") !== (way === "relay")) {
  console.log("null");
  await browser.close();
  process.exit();
}
await page.getByRole("button", { name: "Hide the tools" }).click();
await sleep(WARM_UP);
const canvas = `document.querySelector("remote-desktop")?.shadowRoot?.querySelector("canvas")`;
const { delays, framesPerSecond } = await watch(page, canvas, PATIENCE);
console.log(JSON.stringify({ delays, framesPerSecond } satisfies Seen));
await browser.close();
