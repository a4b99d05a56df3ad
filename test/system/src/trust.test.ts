import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { connected, endCode, ended, lookAt, memoryKnownHosts } from "./node-viewer.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "./world.ts";

let stack: AsyncDisposableStack;
/** Servers that introduce and join everybody, whatever key they show. */
let servers: Servers;
let host: SharedHost;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers({ open: true }));
  const { desktop } = stack.use(await startDesktop({ width: 320, height: 240, bare: true }));
  host = stack.use(await startHost(servers, desktop));
});
after(() => stack.disposeAsync());

test("a host that another server vouches for is refused, and nothing is remembered of it", async () => {
  const knownHosts = memoryKnownHosts();
  const configured = nodeCrypto().signKeyPair(new Uint8Array(32).fill(5));
  const serverKey = Buffer.from(configured.publicKey).toString("base64");
  const viewer = lookAt(servers, host.id, { serverKey, knownHosts, password: await host.freshPassword() });
  const state = await viewer.until(ended);
  assert.equal(endCode(state), "bad-identity");
  assert.equal(knownHosts.keys.size, 0);
  assert.ok(!host.events.some(({ type }) => type === "viewerJoined"));
});

test("the same host is taken from the server that the viewer was configured with", async () => {
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword() });
  await viewer.until(connected);
  viewer.session.close();
  await viewer.until(ended);
});
