import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { answerStun } from "@pulpit/protocol";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startBrowser } from "./browser.ts";
import { type Servers, startServers } from "./world.ts";

const stack = new AsyncDisposableStack();
let servers: Servers;
let browser: Browser;

before(async () => {
  servers = stack.use(await startServers());
  browser = await startBrowser();
  stack.defer(() => browser.close());
});
after(() => stack.disposeAsync());

interface Cleanup {
  after(fn: () => unknown): void;
}

async function freshPage(t: Cleanup, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: "en", ...options });
  t.after(() => context.close());
  return context.newPage();
}

/** What the page says of a check, once it has finished. */
async function said(page: Page, name: string): Promise<string> {
  const heading = page.getByRole("heading", { name, exact: true });
  const line = page.getByRole("list", { name: "Results" }).getByRole("listitem").filter({ has: heading });
  await line.and(page.locator(":not([data-level=pending])")).waitFor();
  return (await line.textContent()) ?? "";
}

/** A STUN server behind a router that shows everybody this port. */
async function stunThatSees(t: Cleanup, port: number): Promise<string> {
  const socket = createSocket("udp4");
  t.after(() => socket.close());
  socket.on("message", (datagram, from) => {
    const answer = answerStun(datagram, { host: "203.0.113.7", port }, "one");
    if (answer !== undefined) socket.send(answer.bytes, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return `stun:127.0.0.1:${socket.address().port}`;
}

test("from the home page it is one click, and on a server that is well it says so by itself", async (t) => {
  const page = await freshPage(t);
  await page.goto(servers.url);
  await page.getByRole("link", { name: "Check this connection" }).click();
  for (const [name, text] of [
    ["This page and browser", /Good.*H264, VP9/],
    ["ID server", /Good.*\d ms/],
    ["Relay", /Good.*\d ms/],
    ["Clock", /Good.*[01] seconds?/],
    ["UDP", /Note.*names no STUN server/],
  ] as const) {
    assert.match(await said(page, name), text);
  }
  await page.getByText("Everything that was checked is as it should be").waitFor();
});

test("a router that gives each server another port is told from the browser alone", async (t) => {
  const page = await freshPage(t);
  const told = { iceServers: await stunThatSees(t, 41_000), natTest: await stunThatSees(t, 52_000) };
  await page.route("**/config.json", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), ...told } });
  });
  // By its address, which has no IPv6 that would be waited for.
  await page.goto(`http://127.0.0.1:${servers.gateway.port}/check`);
  assert.match(await said(page, "UDP"), /Good/);
  assert.match(await said(page, "Router (NAT)"), /Limited.*symmetric NAT/);
  assert.match(await said(page, "Direct connections"), /Limited.*through the relay/);
});

test("a clock that is an hour behind is said so, in Polish to a Polish browser", async (t) => {
  const page = await freshPage(t, { locale: "pl-PL" });
  await page.clock.install({ time: Date.now() - 3_600_000 });
  await page.goto(`${servers.url}/check`);
  await page.getByText("spóźnia się względem serwera o 60 minut").waitFor();
});

test("an attempt that failed offers the check, which then shows what was in the way", async (t) => {
  const page = await freshPage(t);
  await page.routeWebSocket(/\/ws\/id$/, (socket) => socket.close());
  await page.goto(servers.url);
  await page.getByLabel("ID of the other computer").fill("123456789");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("link", { name: "Check this connection" }).click();
  assert.match(await said(page, "ID server"), /Not working.*tell whoever runs the server/);
  assert.match(await said(page, "Relay"), /Good/);
});

test("without its relay the page says what does not work and what to do, and the report has it too", async (t) => {
  await servers.relay[Symbol.asyncDispose]();
  const page = await freshPage(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${servers.url}/check`);
  assert.match(await said(page, "Relay"), /Not working.*only direct connections.*tell whoever runs the server/);
  assert.match(await said(page, "ID server"), /Good/);
  await page.getByText("Something does not work").waitFor();
  await page.getByRole("button", { name: "Copy the report" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /\[Not working\] Relay: It hangs up at once/);
  assert.ok(!report.includes(servers.key.publicText));
});
