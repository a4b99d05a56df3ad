import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import type { Desktop } from "@pulpit/host";
import type { ServiceView } from "@pulpit/host-control";
import { silentLog } from "@pulpit/link-node";
import { loadServerKey, RENDEZVOUS_DEFAULTS, type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { houseOf } from "../../test/house.ts";
import type { House } from "./house.ts";
import { ownAddresses } from "./own-addresses.ts";
import { Sharing } from "./sharing.ts";

let stack: AsyncDisposableStack;
let server: RendezvousServer;
let serverKey: string;

before(async () => {
  stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pulpit-sharing-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const key = loadServerKey(folder, nodeCrypto(), nodeRandom());
  serverKey = key.publicText;
  server = stack.use(
    await startRendezvous(
      { ...RENDEZVOUS_DEFAULTS, port: 0, host: "127.0.0.1" },
      { log: silentLog, key, databasePath: join(folder, "server.sqlite3") },
    ),
  );
});
after(() => stack.disposeAsync());

/** Nobody calls in these tests. */
const desktop = {} as unknown as Desktop;

interface Shared {
  readonly house: House;
  readonly sharing: Sharing;
  /** Resolves once it shows that state, now or later. */
  until(fits: (view: ServiceView) => boolean): Promise<ServiceView>;
  set(settings: Readonly<Record<string, string>>): Promise<void>;
}

function shared(t: TestContext): Shared {
  const house = houseOf(t);
  const sharing = new Sharing(house, desktop);
  t.after(() => sharing.close());
  return {
    house,
    sharing,
    until: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!fits(sharing.view)) return;
          stop();
          resolve(sharing.view);
        };
        const stop = house.onChanged(look);
        look();
      }),
    async set(settings) {
      for (const [name, value] of Object.entries(settings)) house.settings.set(name, value);
      await sharing.apply();
    },
  };
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0);
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, "close");
  return port;
}

const named = (): Readonly<Record<string, string>> => ({
  server: `127.0.0.1:${server.ports.main}`,
  "server-key": serverKey,
});
const ready = ({ state }: ServiceView): boolean => state === "ready";

test("without a server a computer is there at its address, and with one it is again", async (t) => {
  const { sharing, set, until } = shared(t);
  const isOpen = ({ direct }: ServiceView): boolean => direct !== undefined && "port" in direct;
  await set({ "direct-access": "yes", "direct-port": String(await freePort()) });
  const { state, direct } = await until(isOpen);
  assert.equal(state, "address-only");
  await set(named());
  await until((view) => ready(view) && isOpen(view));
  assert.deepEqual((await until(isOpen)).direct, direct);
  await set({ "direct-access": "no" });
  assert.equal(sharing.view.direct, undefined);
});

test("without a server there is nothing to connect to; with one it gets ready; stopped, it stays so", async (t) => {
  const { sharing, set, until } = shared(t);
  assert.deepEqual(sharing.view, { state: "stopped", server: "" });
  await set({});
  assert.deepEqual(sharing.view, { state: "trouble", trouble: "not-configured", server: "" });
  // Half of it is not enough: nobody could tell whom to believe.
  await set({ server: named().server as string });
  assert.equal(sharing.view.trouble, "not-configured");
  await set(named());
  assert.equal(sharing.view.state, "connecting");
  assert.deepEqual(await until(ready), { state: "ready", server: named().server });
  await set({ sharing: "no" });
  assert.equal(sharing.view.state, "stopped");
  await set({});
  assert.equal(sharing.view.state, "stopped");
  await set({ sharing: "yes" });
  await until(ready);
});

test("a server that can't show the key it should is trouble with a name, and the right key ends it", async (t) => {
  const { house, set, until } = shared(t);
  const before = server.devices.count();
  await set({ ...named(), "server-key": Buffer.from(randomBytes(32)).toString("base64") });
  const { state } = await until(({ trouble }) => trouble === "wrong-key");
  assert.equal(state, "trouble");
  // It has told that server nothing about itself.
  assert.equal(server.devices.count(), before);
  await set(named());
  await until(ready);
  assert.ok(server.devices.list("", 100).some(({ id }) => id === house.identity.id));
});

test("an ID that is somebody else's is given up for a new one, which is kept and written down", async (t) => {
  const { house, set, until } = shared(t);
  const { id: taken, keys } = house.identity;
  server.devices.put({ id: taken, uuid: randomBytes(16), publicKey: randomBytes(32), address: "" });
  await set(named());
  await until((view) => ready(view) && house.identity.id !== taken);
  const { id } = house.identity;
  assert.match(id, /^\d{9}$/);
  assert.deepEqual(house.identity.keys.publicKey, keys.publicKey);
  const [entry] = house.journal.page(0, 10);
  assert.deepEqual(entry?.event, { type: "id", from: taken, to: id });
});

test("where no other ID can be kept, the host goes on and says what the trouble is", async (t) => {
  const { house, set, until } = shared(t);
  const { id: taken } = house.identity;
  server.devices.put({ id: taken, uuid: randomBytes(16), publicKey: randomBytes(32), address: "" });
  // Not even root writes a file over a folder.
  rmSync(join(house.profile.path, "host.json"));
  mkdirSync(join(house.profile.path, "host.json"));
  await set(named());
  await until(({ trouble }) => trouble === "id-taken");
  assert.equal(house.identity.id, taken);
});

test("a port of its own is shown with the addresses people type, or with the reason why it can't be had", async (t) => {
  const { set, until } = shared(t);
  const taken = createServer();
  taken.listen(0);
  await once(taken, "listening");
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  await set({ ...named(), "direct-port": String(port), "direct-access": "yes" });
  const { direct } = await until((view) => ready(view) && view.direct !== undefined);
  assert.deepEqual(direct, { failed: `port ${port} is in use` });
  taken.close();
  await once(taken, "close");
  await set({});
  const opened = await until((view) => view.direct !== undefined && "port" in view.direct);
  assert.deepEqual(opened.direct, { port, addresses: ownAddresses(port, []) });
  await set({ "direct-access": "no" });
  assert.equal((await until(ready)).direct, undefined);
});

test("changes that come in a hurry are done one after the other, and the last one holds", async (t) => {
  const { house, sharing, set, until } = shared(t);
  await set(named());
  await until(ready);
  const applied: Promise<void>[] = [];
  for (const value of ["no", "yes", "no", "yes", "no"]) {
    house.settings.set("sharing", value);
    applied.push(sharing.apply());
  }
  await Promise.all(applied);
  assert.equal(sharing.view.state, "stopped");
  house.settings.set("sharing", "yes");
  await sharing.apply();
  await until(ready);
});

test("closed, it leaves the server and shows nothing of what still happens", async (t) => {
  const { house, sharing, set, until } = shared(t);
  await set(named());
  await until(ready);
  assert.ok(server.stats().connections > 0);
  await sharing.close();
  // The hosts of the other tests have gone before.
  while (server.stats().connections > 0) await setImmediate();
  house.reception.onEvent({ type: "unregistered", why: "no-answer" });
  assert.equal(sharing.view.state, "ready");
});
