import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import type { Desktop } from "@pulpit/host";
import type { Link, Path } from "@pulpit/link";
import type { Ways } from "@pulpit/viewer";
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
  const path = await pathOf({ tcp: true, relayAfter: 10_000, ways: { ...(tcp === undefined ? {} : { tcp }) } });
  assert.deepEqual([path?.transport, path?.route], ["tcp", "direct"]);
});

test("a viewer on a WebSocket meets the host directly by WebRTC", async () => {
  const { webrtc } = nodeViewerWays(options);
  const path = await pathOf({ relayAfter: 10_000, ways: { ...(webrtc === undefined ? {} : { webrtc }) } });
  assert.deepEqual([path?.transport, path?.route], ["webrtc", "direct"]);
});

test("without another way it is the relay, and said so", async () => {
  const path = await pathOf({});
  assert.deepEqual([path?.transport, path?.route], ["websocket", "relay"]);
});

/** A way whose links can be made to swallow everything in both directions, as a router does that has forgotten them. */
function breakable(ways: Ways): { readonly ways: Ways; fail(): void } {
  let swallows = false;
  const never = new Promise<never>(() => undefined);
  const holed = (link: Link): Link => ({
    path: link.path,
    receive: async () => {
      const message = await link.receive();
      return swallows ? never : message;
    },
    get queuedBytes() {
      return link.queuedBytes;
    },
    send: (message) => (swallows ? Promise.resolve() : link.send(message)),
    limit: (bytes) => link.limit(bytes),
    detach: () => link.detach(),
    close: (reason) => link.close(reason),
  });
  const { tcp } = ways;
  return {
    fail() {
      swallows = true;
    },
    ways: {
      tcp: async (server, signal) => {
        const way = await (tcp ?? assert.fail())(server, signal);
        return { server: way.server, dial: async (to, ends) => holed(await way.dial(to, ends)) };
      },
    },
  };
}

test("a direct path that dies in mid-session gives way to the relay, without a question", async () => {
  const path = breakable(nodeViewerWays(options));
  const viewer = lookAt(servers, host.id, {
    password: await host.freshPassword(),
    tcp: true,
    relayAfter: 3_000,
    ways: path.ways,
  });
  await viewer.until((state) => connected(state) && viewer.pictures.length > 0);
  assert.equal(viewer.session.state.connection?.path.route, "direct");
  const asked: string[] = [];
  viewer.session.subscribe(() => asked.push(viewer.session.state.phase.name));
  path.fail();
  await viewer.until((state) => state.connection?.path.route === "relay" && connected(state));
  viewer.pictures.length = 0;
  await viewer.until(() => viewer.pictures.length > 0);
  assert.ok(!asked.includes("password"));
  const joined = host.events.findLast((event) => event.type === "viewerJoined");
  assert.equal(joined?.type === "viewerJoined" && joined.by, "recent");
  viewer.session.close();
  await viewer.until((state) => state.phase.name === "ended").catch(() => undefined);
});
