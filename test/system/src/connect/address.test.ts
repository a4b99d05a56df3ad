import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { givePassword, picture, until } from "../panel/pages.ts";
import { type Servers, startDesktop, startServers } from "../world.ts";
import { type Person, person } from "./connecting.ts";
import { type Forwarder, startForwarder } from "./forwarder.ts";
import { type HostAtAddress, startHostAtAddress } from "./host-at-address.ts";
import { acceptFirstKey, badge, openPage, wayInUse } from "./pages.ts";
import { startStockHost } from "./stock-host.ts";

/** What a viewer begins with, which says nothing about anybody (docs/protocol/extensions.md, chapter 2), and its frame. */
const GREETING = "182204c23e0102";

let stack: AsyncDisposableStack;
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;
let host: HostAtAddress;
let browser: Browser;
let ada: Person;
let way: Forwarder;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ width: 640, height: 480 }));
  host = stack.use(await startHostAtAddress(servers, shared.desktop));
  browser = await startBrowser();
  stack.defer(() => browser.close());
  ada = stack.use(person());
  way = stack.use(await startForwarder(host.port));
});
after(() => stack.disposeAsync());

/** `pulpit connect` to the address, and its page. */
async function goThere(t: { after(fn: () => Promise<void>): void }, ...flags: string[]): Promise<Page> {
  const connecting = await ada.connect(`127.0.0.1:${way.port}`, ...flags);
  t.after(() => connecting[Symbol.asyncDispose]());
  return openPage(t, browser, connecting.link);
}

test("the first key is a question; then the desktop is there, direct and encrypted, past every server", async (t) => {
  const page = await goThere(t);
  await acceptFirstKey(page);
  await givePassword(page, await host.freshPassword());
  await picture(page);
  assert.deepEqual(await badge(page), { route: "Direct", security: "Encrypted from end to end" });
  assert.equal(await wayInUse(page), "its address");
  assert.equal(servers.relay.stats().bytes, 0);
});

test("at the next visit the key is known; a path that breaks is taken again, and nobody is asked for a password", async (t) => {
  const page = await goThere(t);
  await givePassword(page, await host.freshPassword());
  await picture(page);
  const visits = (): number => host.events.filter(({ type }) => type === "viewerJoined").length;
  const before = visits();
  way.cut();
  await until("another visit", () => visits() > before);
  await picture(page);
  const joined = host.events.findLast(({ type }) => type === "viewerJoined");
  assert.equal(joined?.type === "viewerJoined" && joined.by, "recent");
});

test("where it was encrypted once nothing goes on in the open, whatever the person says", async (t) => {
  await using stock = await startStockHost();
  way.leadTo(stock.port);
  const page = await goThere(t, "--unencrypted");
  await page.getByRole("heading", { name: "The encryption is gone" }).waitFor();
  assert.equal(way.sent().toString("hex"), GREETING);
});

test("another computer at the address is an alarm, and it hears nothing but the greeting", async (t) => {
  await using other = await startHostAtAddress(servers, shared.desktop);
  way.leadTo(other.port);
  const page = await goThere(t);
  await page.getByRole("heading", { name: "The computer's key has changed" }).waitFor();
  assert.equal(way.sent().toString("hex"), GREETING);
  assert.ok(other.events.every(({ type }) => type !== "viewerJoined" && type !== "viewerAsks"));

  await page.getByRole("button", { name: "I have compared the new key: trust it" }).click();
  await givePassword(page, await other.freshPassword());
  await picture(page);
});
