import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ask } from "@pulpit/admin";
import { GATEWAY_DEFAULTS, type GatewayServer, startGateway } from "@pulpit/gateway";
import type { HostView } from "@pulpit/host-control";
import { silentLog } from "@pulpit/link-node";
import { connected, ended, lookAt } from "../node-viewer.ts";
import { type Servers, startServers } from "../world.ts";
import { type OwnHost, ownHost, type Sharing } from "./own-host.ts";

const WEB_ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../../apps/web/dist");
const OWN = "t-K8v!pW3n_z";

let stack: AsyncDisposableStack;
let servers: Servers;
/** The host's alone, so that it can be restarted under it. */
let gateway: GatewayServer;
let own: OwnHost;
let host: Sharing;

async function open(port: number): Promise<GatewayServer> {
  const { rendezvous, relay, key } = servers;
  return startGateway(
    { ...GATEWAY_DEFAULTS, port, host: "127.0.0.1", webRoot: WEB_ROOT, serverKey: key.publicText },
    { log: silentLog, acceptId: rendezvous.accept, acceptRelay: relay.accept, ready: () => ({ type: "ready" }) },
  );
}

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  gateway = await open(0);
  stack.defer(() => gateway[Symbol.asyncDispose]());
  own = stack.use(ownHost());
  const setting = own.begin("password");
  setting.tell(OWN);
  await setting.ended;
  // The last --server counts.
  host = stack.use(await own.share(servers, "--server", address()));
});
after(() => stack.disposeAsync());

const address = (): string => `ws://127.0.0.1:${gateway.port}`;
const view = (): Promise<HostView> => ask(own.socket, "view", {}) as Promise<HostView>;

async function until(fits: (view: HostView) => boolean): Promise<HostView> {
  for (;;) {
    const now = await view();
    if (fits(now)) return now;
    await pause(50);
  }
}

/** Comes, sees a picture, and goes; gives what it came by. */
async function visit(how: Parameters<typeof lookAt>[2]): Promise<unknown> {
  const viewer = lookAt(servers, host.id, { password: OWN, ...how });
  const { connection } = await viewer.until((state) => connected(state) && viewer.pictures.length > 0);
  viewer.session.close();
  await viewer.until(ended);
  return connection && [connection.path.transport, connection.path.route];
}

test("a host that knows nothing but the web address is reached by TCP and by WebSocket, on the relay", async () => {
  const { service } = await view();
  assert.deepEqual([service.state, service.server], ["ready", address()]);
  assert.match((await own.run("status")).out, new RegExp(address()));
  assert.equal(servers.rendezvous.stats().datagrams.received, 0);
  const relay = `127.0.0.1:${servers.relay.ports.main}`;
  assert.deepEqual(await visit({ tcp: true, relay }), ["tcp", "relay"]);
  assert.deepEqual(await visit({}), ["websocket", "relay"]);
});

test("when the gateway has been away the host comes back by itself", async () => {
  const { port } = gateway;
  await gateway[Symbol.asyncDispose]();
  await until(({ service }) => service.trouble === "no-server");
  gateway = await open(port);
  await until(({ service }) => service.state === "ready");
  assert.deepEqual(await visit({}), ["websocket", "relay"]);
});

test("a wrong server key is noticed there as well, and the right one ends the trouble", async () => {
  await ask(own.socket, "settings.set", { name: "server-key", value: Buffer.alloc(32, 7).toString("base64") });
  await until(({ service }) => service.trouble === "wrong-key");
  // It has told that server nothing, and the connection of before has ended.
  while (servers.rendezvous.isOnline(host.id)) await pause(10);
  await ask(own.socket, "settings.set", { name: "server-key", value: servers.key.publicText });
  await until(({ service }) => service.state === "ready");
});

test("through a proxy the host registers there, and meets its viewers", async (t) => {
  const through = new Set<string | undefined>();
  const proxy = createServer().listen(0, "127.0.0.1");
  t.after(() => proxy.close());
  proxy.on("connect", ({ url }, client) => {
    through.add(url);
    const server = connect(gateway.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connected\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) socket.on("error", () => undefined);
  });
  await new Promise((resolve) => proxy.once("listening", resolve));
  const { port } = proxy.address() as AddressInfo;
  const set = (value: string): Promise<unknown> => ask(own.socket, "settings.set", { name: "proxy", value });
  await set(`http://127.0.0.1:${port}`);
  await until(({ service }) => service.state === "ready");
  assert.deepEqual(await visit({}), ["websocket", "relay"]);
  assert.deepEqual(through, new Set([`127.0.0.1:${gateway.port}`]));
  await set("");
  await until(({ service }) => service.state === "ready");
});

test("another ID is asked for on the web address too", async () => {
  await own.run("id", "Workbench7").then(({ code, err }) => assert.equal(code, 0, err));
  await until(({ service, id }) => service.state === "ready" && id === "Workbench7");
});
