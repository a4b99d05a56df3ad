import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { givePassword, picture } from "../panel/pages.ts";
import { startDesktop, startServers } from "../world.ts";
import { type Person, person } from "./connecting.ts";
import { type HostAtAddress, startHostAtAddress } from "./host-at-address.ts";
import { acceptFirstKey, openPage } from "./pages.ts";

let stack: AsyncDisposableStack;
let host: HostAtAddress;
let browser: Browser;
let ada: Person;
let address: string;

before(async () => {
  stack = new AsyncDisposableStack();
  const servers = stack.use(await startServers());
  const { desktop } = stack.use(await startDesktop({ width: 640, height: 480 }));
  host = stack.use(await startHostAtAddress(servers, desktop));
  address = `127.0.0.1:${host.port}`;
  browser = await startBrowser();
  stack.defer(() => browser.close());
  ada = stack.use(person());
});
after(() => stack.disposeAsync());

test("its link lets in one page, which may be opened anew; Ctrl+C ends it all at once", async (t) => {
  await using connecting = await ada.connect(address);
  const page = await openPage(t, browser, connecting.link);
  await acceptFirstKey(page);
  await givePassword(page, await host.freshPassword());
  await picture(page);

  const late = await openPage(t, browser, connecting.link);
  await late.getByRole("heading", { name: "This link does not hold any more" }).waitFor();

  // In its own tab the link, which is spent, does no harm.
  await page.goto(connecting.link);
  await page.reload();
  await givePassword(page, await host.freshPassword());
  await picture(page);

  connecting.child.kill("SIGINT");
  await page.getByRole("heading", { name: "“pulpit connect” has ended" }).waitFor();
  assert.equal(await connecting.ended, 0);
  // The host knows that nobody looks any more.
  await host.freshPassword();
});

test("it ends by itself when its page has been closed", async (t) => {
  await using connecting = await ada.connect(address);
  const page = await openPage(t, browser, connecting.link);
  await page.getByLabel("Password", { exact: true }).waitFor();
  await page.context().close();
  assert.equal(await connecting.ended, 0);
});
