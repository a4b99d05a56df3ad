import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import { nodeHostWays } from "@pulpit/ways-node";
import type { Browser } from "playwright-core";
import { startBrowser } from "../browser.ts";
import { givePassword, picture } from "../panel/pages.ts";
import { type Servers, startDesktop, startServers } from "../world.ts";
import { type Person, person } from "./connecting.ts";
import { type Foreign, udpSocketsOf, watchForeign } from "./connections.ts";
import { type HostAtAddress, startHostAtAddress } from "./host-at-address.ts";
import { acceptFirstKey, badge, openPage } from "./pages.ts";
import { ADA, startHttp, startSocks } from "./proxies.ts";

let stack: AsyncDisposableStack;
let foreign: Foreign;
let servers: Servers;
let host: HostAtAddress;
let browser: Browser;
let ada: Person;

before(async () => {
  stack = new AsyncDisposableStack();
  foreign = stack.use(watchForeign());
  servers = stack.use(await startServers());
  const { desktop } = stack.use(await startDesktop({ width: 640, height: 480 }));
  // It could be met on every way, were there no proxy.
  const ways = nodeHostWays({ random: nodeRandom(), iceServers: [] });
  host = stack.use(await startHostAtAddress(servers, desktop, { ways }));
  browser = await startBrowser();
  stack.defer(() => browser.close());
  ada = stack.use(person());
  // The host of this process has one: they would be found.
  assert.ok(udpSocketsOf(process.pid) > 0);
});
after(() => stack.disposeAsync());

for (const [name, start, schemeAndUser] of [
  ["a SOCKS5 proxy that wants a password", startSocks, `socks5://${ADA.user}:${ADA.password}@`],
  ["an HTTP proxy", startHttp, "http://"],
] as const) {
  test(`through ${name} an ID is met on the relay, and nothing goes past the proxy`, async (t) => {
    await using proxy = await start();
    const { rendezvous, relay, key } = servers;
    // A name that nobody but the proxy knows.
    const server = `id.invalid:${rendezvous.ports.main}`;
    const through = `${schemeAndUser}127.0.0.1:${proxy.port}`;
    const target = `${host.id}@${server}?key=${key.publicText}`;
    await using connecting = await ada.connect(target, "--proxy", through);
    const page = await openPage(t, browser, connecting.link);
    await givePassword(page, await host.freshPassword());
    await picture(page);
    assert.deepEqual(await badge(page), { route: "Through the relay", security: "Encrypted from end to end" });
    assert.deepEqual(new Set(proxy.asked), new Set([server, `127.0.0.1:${relay.ports.main}`]));
    assert.ok(foreign.to(proxy.port) > 0);
    assert.equal(foreign.to(...Object.values(rendezvous.ports), ...Object.values(relay.ports)), 0);
    assert.equal(udpSocketsOf(connecting.child.pid as number), 0);
  });
}

test("through a proxy an address is gone to as ever, and nothing goes past the proxy", async (t) => {
  await using proxy = await startHttp();
  const address = `127.0.0.1:${host.port}`;
  await using connecting = await ada.connect(address, "--proxy", `http://127.0.0.1:${proxy.port}`);
  const page = await openPage(t, browser, connecting.link);
  await acceptFirstKey(page);
  await givePassword(page, await host.freshPassword());
  await picture(page);
  assert.deepEqual(await badge(page), { route: "Direct", security: "Encrypted from end to end" });
  assert.deepEqual(new Set(proxy.asked), new Set([address]));
  assert.equal(foreign.to(host.port), 0);
  assert.equal(udpSocketsOf(connecting.child.pid as number), 0);
});
