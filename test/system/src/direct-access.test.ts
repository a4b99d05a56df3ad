import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "@pulpit/admin";
import type { HistoryEntry, HostView } from "@pulpit/host-control";
import { LinkError } from "@pulpit/link";
import { dial } from "@pulpit/link-node";
import { Intruder } from "./host/intruder.ts";
import { type OwnHost, ownHost } from "./host/own-host.ts";
import { connected, ended, lookAtAddress, memoryKnownHosts } from "./node-viewer.ts";
import { type Servers, startServers } from "./world.ts";

const OWN = "t-K8v!pW3n_z";

let stack: AsyncDisposableStack;
let servers: Servers;
let own: OwnHost;
let port: number;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  own = stack.use(ownHost());
  port = await freePort();
  const settings = { "direct-port": String(port), "direct-access": "yes", "one-time-renewal": "manual" };
  for (const [name, value] of Object.entries(settings)) assert.equal((await own.run("set", name, value)).code, 0);
  stack.use(await own.share(servers));
  await shown(isOpen);
});
after(() => stack.disposeAsync());

const view = (): Promise<HostView> => ask(own.socket, "view", {}) as Promise<HostView>;
const history = (): Promise<HistoryEntry[]> =>
  ask(own.socket, "history", { before: 0, limit: 200 }) as Promise<HistoryEntry[]>;
const set = (name: string, value: string): Promise<unknown> => ask(own.socket, "settings.set", { name, value });
const isOpen = ({ service: { direct } }: HostView): boolean => direct !== undefined && "port" in direct;

/** Nobody else has it now; hosts take no port that is none. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const found = (server.address() as AddressInfo).port;
  server.close();
  await once(server, "close");
  return found;
}

/** The host once it shows this. */
async function shown(fits: (view: HostView) => boolean): Promise<HostView> {
  for (;;) {
    const now = await view();
    if (fits(now)) return now;
    await pause(20);
  }
}

/** An entry of its log that fits, once there is one. */
async function logged<T extends HistoryEntry["event"]["type"]>(
  type: T,
  fits: (event: Extract<HistoryEntry["event"], { type: T }>) => boolean,
): Promise<Extract<HistoryEntry["event"], { type: T }>> {
  for (;;) {
    const events = (await history()).map(({ event }) => event as Extract<HistoryEntry["event"], { type: T }>);
    const found = events.find((event) => event.type === type && fits(event));
    if (found !== undefined) return found;
    await pause(20);
  }
}

/** A viewer that knows no encryption at addresses: it waits for the host to begin, in plaintext. */
async function stockViewer(): Promise<Intruder> {
  const link = await dial(`127.0.0.1:${port}`, { route: "direct", signal: AbortSignal.timeout(20_000) });
  return new Intruder({ link, hostKey: new Uint8Array(32), sent: [] }, link, `127.0.0.1:${port}`);
}

test("at the first visit its key has to be accepted; then the viewer is in, encrypted and past every server", async () => {
  const address = { host: "127.0.0.1", port };
  const knownHosts = memoryKnownHosts();
  const { oneTimePassword: password = "", fingerprint } = await view();
  const first = lookAtAddress(address, { knownHosts, password });
  const { phase } = await first.until(ended);
  assert.deepEqual(phase, { name: "ended", end: { code: "key-unknown", offered: fingerprint } });
  assert.equal(knownHosts.keys.size, 0);

  const viewer = lookAtAddress(address, { knownHosts, password, trustFingerprint: fingerprint });
  await viewer.until((state) => connected(state) && viewer.pictures.length > 0);
  const { connection } = viewer.session.state;
  assert.deepEqual([connection?.encrypted, connection?.fingerprint], [true, fingerprint]);
  assert.deepEqual(connection?.ways, [{ name: "address", outcome: "won" }]);
  const [session, ...more] = (await view()).sessions;
  assert.deepEqual([session?.route, session?.encrypted, session?.viewer.address], ["direct", true, "127.0.0.1"]);
  assert.deepEqual(more, []);
  const joined = await logged("joined", (event) => event.session === session?.session);
  assert.deepEqual([joined.route, joined.encrypted], ["direct", true]);
  assert.equal(servers.relay.stats().pairs, 0);
  viewer.session.close();
  await viewer.until(ended);
  assert.equal(knownHosts.keys.size, 1);

  const again = lookAtAddress(address, { knownHosts, password });
  await again.until(connected);
  again.session.close();
  await again.until(ended);
  await shown(({ sessions }) => sessions.length === 0);
});

test("a viewer that does not encrypt is told to come by the ID", async () => {
  const stock = await stockViewer();
  assert.match(await stock.login("whatever"), /encrypted connections only/);
  await stock.gone();
  await logged("refused", ({ why, address }) => why === "plaintext-refused" && address === "127.0.0.1");
});

test("where the owner lets such viewers in, the one-time password does, the permanent one does not, and it shows", async () => {
  const setting = own.begin("password");
  setting.tell(OWN);
  assert.equal((await setting.ended).code, 0);
  await set("direct-unencrypted", "yes");
  const { oneTimePassword = "" } = await shown(isOpen);
  const guesser = await stockViewer();
  assert.equal(await guesser.login(OWN), "Wrong Password");
  await guesser.leave();
  const stock = await stockViewer();
  assert.equal(await stock.login(oneTimePassword), "in");
  const [session] = (await view()).sessions;
  assert.deepEqual([session?.route, session?.encrypted], ["direct", false]);
  assert.match((await own.run("status")).out, /direct, NOT ENCRYPTED/);
  const joined = await logged("joined", (event) => event.session === session?.session);
  assert.deepEqual([joined.route, joined.encrypted], ["direct", false]);
  await stock.leave();
  await shown(({ sessions }) => sessions.length === 0);

  // Who can encrypt does, and whoever was pinned is not taken without.
  const { fingerprint } = await view();
  const knownHosts = memoryKnownHosts();
  const viewer = lookAtAddress(
    { host: "127.0.0.1", port },
    { knownHosts, password: OWN, trustFingerprint: fingerprint },
  );
  await viewer.until(connected);
  assert.equal(viewer.session.state.connection?.encrypted, true);
  viewer.session.close();
  await viewer.until(ended);
});

test("nobody from a network that is not allowed hears a word", async () => {
  await set("direct-networks", "192.0.2.0/24");
  await shown(isOpen);
  // The connection may be over before the viewer knows that there was one.
  await assert.rejects(
    stockViewer().then((stock) => stock.hash()),
    /reset|no challenge: $/,
  );
  await logged("refused", ({ why, address }) => why === "foreign-network" && address === "127.0.0.1");
  await set("direct-networks", "");
});

test("a port that somebody else has is told, also on the command line, and all else goes on", async (t) => {
  const other = createServer().listen(0);
  t.after(() => other.close());
  await once(other, "listening");
  const { port: taken } = other.address() as AddressInfo;
  await set("direct-port", String(taken));
  const { service } = await shown(({ service: { direct, state } }) => state === "ready" && direct !== undefined);
  assert.deepEqual(service.direct, { failed: `port ${taken} is in use` });
  const { out, code } = await own.run("status");
  assert.equal(code, 0);
  assert.match(out, new RegExp(`At its address +nobody can come: port ${taken} is in use\n`));
  await set("direct-port", String(port));
  const opened = await shown(isOpen);
  const told = await own.json<HostView>("status");
  assert.deepEqual(told.service.direct, opened.service.direct);
});

test("the port is closed as soon as the owner wants it closed, and who was there is sent away", async () => {
  const { oneTimePassword: password = "", fingerprint } = await shown(isOpen);
  const viewer = lookAtAddress({ host: "127.0.0.1", port }, { password, trustFingerprint: fingerprint });
  await viewer.until(connected);
  await set("direct-access", "no");
  await viewer.until(ended);
  await assert.rejects(stockViewer(), (error) => error instanceof LinkError && error.code === "refused");
  const { service } = await shown(({ service: { state } }) => state === "ready");
  assert.equal(service.direct, undefined);
});
