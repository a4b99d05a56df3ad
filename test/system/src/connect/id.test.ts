import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import { nodeHostWays } from "@pulpit/ways-node";
import type { Browser } from "playwright-core";
import { placeOf, startBrowser } from "../browser.ts";
import { givePassword, picture, until } from "../panel/pages.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "../world.ts";
import { pointerOf } from "../x-state.ts";
import { type Person, person } from "./connecting.ts";
import { type Foreign, watchForeign } from "./connections.ts";
import { badge, openPage } from "./pages.ts";

const SIZE = { width: 640, height: 480 };

let stack: AsyncDisposableStack;
let foreign: Foreign;
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;
let host: SharedHost;
let browser: Browser;
let ada: Person;
let target: string;

before(async () => {
  stack = new AsyncDisposableStack();
  foreign = stack.use(watchForeign());
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop(SIZE));
  const ways = nodeHostWays({ random: nodeRandom(), iceServers: [] });
  host = stack.use(await startHost(servers, shared.desktop, { ways }));
  browser = await startBrowser();
  stack.defer(() => browser.close());
  ada = stack.use(person());
  target = `${host.id}@127.0.0.1:${servers.rendezvous.ports.main}?key=${servers.key.publicText}`;
  // A busy machine could make it the first: no session here is one that it carries.
  await servers.relay[Symbol.asyncDispose]();
});
after(() => stack.disposeAsync());

const dialled = (): number => foreign.to(servers.rendezvous.ports.main);

test("an ID of a server is met directly, without any relay, and its pointer goes where it is told", async (t) => {
  await using connecting = await ada.connect(target);
  const page = await openPage(t, browser, connecting.link);
  await givePassword(page, await host.freshPassword());
  await picture(page);
  assert.deepEqual(await badge(page), { route: "Direct", security: "Encrypted from end to end" });
  const at = await placeOf(page, 123, 321, SIZE);
  await page.mouse.move(at.x, at.y);
  await until("the pointer", async () => String(await pointerOf(shared.display)) === "123,321");
});

test("a link asks first: nothing is dialled before the person has said yes", async (t) => {
  const before = dialled();
  await using connecting = await ada.connect(`pulpit:${encodeURI(target).replaceAll("+", "%2B")}`);
  const page = await openPage(t, browser, connecting.link);
  const name = `${host.id}@127.0.0.1:${servers.rendezvous.ports.main}`;
  await page.getByRole("heading", { name: `Connect to ${name}?` }).waitFor();
  await page.reload();
  const yes = page.getByRole("button", { name: "Connect", exact: true });
  await yes.waitFor();
  assert.equal(dialled(), before);
  await yes.click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  assert.ok(dialled() > before);
});
