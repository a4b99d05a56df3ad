import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import type { Desktop } from "@pulpit/host";
import type { Path } from "@pulpit/link";
import { nodeHostWays, nodeViewerWays } from "@pulpit/ways-node";
import { connected, lookAt } from "./node-viewer.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "./world.ts";

const options = { random: nodeRandom(), iceServers: [] };
const stack = new AsyncDisposableStack();
let servers: Servers;
let desktop: Desktop;
let host: SharedHost;

before(async () => {
  servers = stack.use(await startServers());
  desktop = stack.use(await startDesktop({ width: 320, height: 240, bare: true })).desktop;
  host = stack.use(await startHost(servers, desktop, { ways: nodeHostWays(options) }));
});
after(() => stack.disposeAsync());

/** The path of a session, once there is a picture. */
async function pathOf(how: Parameters<typeof lookAt>[2]): Promise<Path | undefined> {
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword(), ...how });
  try {
    const { connection } = await viewer.until((state) => connected(state) && viewer.pictures.length > 0);
    return connection?.path;
  } finally {
    viewer.session.close();
    await viewer.until((state) => state.phase.name === "ended").catch(() => undefined);
  }
}

test("on one network viewer and host meet directly by TCP", async () => {
  const { tcp } = nodeViewerWays(options);
  const path = await pathOf({ tcp: true, ways: { ...(tcp === undefined ? {} : { tcp }) } });
  assert.deepEqual([path?.transport, path?.route], ["tcp", "direct"]);
});

test("a viewer on a WebSocket meets the host directly by WebRTC", async () => {
  const { webrtc } = nodeViewerWays(options);
  const path = await pathOf({ ways: { ...(webrtc === undefined ? {} : { webrtc }) } });
  assert.deepEqual([path?.transport, path?.route], ["webrtc", "direct"]);
});

test("without another way it is the relay, and said so", async () => {
  const path = await pathOf({});
  assert.deepEqual([path?.transport, path?.route], ["websocket", "relay"]);
});
