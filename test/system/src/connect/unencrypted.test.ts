import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { givePassword } from "../panel/pages.ts";
import { type Person, person } from "./connecting.ts";
import { badge, openPage } from "./pages.ts";
import { type StockHost, startStockHost } from "./stock-host.ts";

let stack: AsyncDisposableStack;
let host: StockHost;
let browser: Browser;
let ada: Person;
let address: string;

before(async () => {
  stack = new AsyncDisposableStack();
  host = stack.use(await startStockHost());
  browser = await startBrowser();
  stack.defer(() => browser.close());
  ada = stack.use(person());
  address = `127.0.0.1:${host.port}`;
});
after(() => stack.disposeAsync());

test("a host that does not encrypt gets nothing, unless the person has said so; then the page says it all the time", async (t) => {
  await using careful = await ada.connect(address);
  const refused = await openPage(t, browser, careful.link);
  await refused.getByRole("heading", { name: "The other side does not encrypt" }).waitFor();
  assert.ok(!host.heard.includes("loginRequest"), host.heard.join());

  await using daring = await ada.connect(address, "--unencrypted");
  const page = await openPage(t, browser, daring.link);
  await page.getByText("This connection is not encrypted").waitFor();
  await givePassword(page, "anything");
  await page.getByRole("toolbar").waitFor();
  assert.deepEqual(await badge(page), { route: "Direct", security: "Not encrypted" });
  assert.ok(host.heard.includes("loginRequest"));
});
