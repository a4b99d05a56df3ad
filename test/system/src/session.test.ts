import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { connected, endCode, ended, lookAt, memoryKnownHosts } from "./node-viewer.ts";
import { type Servers, type SharedHost, startDesktop, startHost, startServers } from "./world.ts";
import { pointerOf, pressedKeys } from "./x-state.ts";

let stack: AsyncDisposableStack;
let servers: Servers;
let shared: Awaited<ReturnType<typeof startDesktop>>;
let host: SharedHost;

before(async () => {
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ width: 640, height: 480 }));
  host = stack.use(await startHost(servers, shared.desktop));
});
after(() => stack.disposeAsync());

const soon = async (what: string, done: () => boolean): Promise<void> => {
  for (let i = 0; !done(); i++) {
    if (i > 400) assert.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

test("the viewer core without a browser logs in and decodes pictures of the real desktop", async () => {
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword() });
  const state = await viewer.until(connected);
  assert.equal(state.connection?.encrypted, true);
  assert.equal(state.connection?.path.route, "relay");
  assert.match(state.connection?.fingerprint ?? "", /^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  await soon("a picture", () => viewer.pictures.length > 0);
  const { width, height, pixels } = viewer.pictures.at(-1) as NonNullable<(typeof viewer.pictures)[0]>;
  assert.ok(
    pixels.some((value) => value > 0 && value < 255),
    "the picture is not blank",
  );
  assert.deepEqual([width, height], [640, 480]);
  viewer.session.close();
  await viewer.until(ended);
  assert.equal(endCode(viewer.session.state), "closed");
});

test("the one-time password changes after a visit", async () => {
  const password = await host.freshPassword();
  const viewer = lookAt(servers, host.id, { password });
  await viewer.until(connected);
  viewer.session.close();
  await viewer.until(ended);
  await soon("a new password", () => host.password() !== password);
});

test("a wrong password is refused, and the right one then gets in", async () => {
  const viewer = lookAt(servers, host.id, { password: "wrong123" });
  await viewer.until(({ phase }) => phase.name === "password" && phase.why === "wrong");
  viewer.session.login(await host.freshPassword());
  await viewer.until(connected);
  viewer.session.close();
  await viewer.until(ended);
});

test("mouse and keys before login change nothing", async () => {
  const viewer = lookAt(servers, host.id);
  await viewer.until(({ phase }) => phase.name === "password");
  viewer.session.movePointer(11, 22);
  viewer.session.typeText("no");
  viewer.session.login(await host.freshPassword());
  await viewer.until(connected);
  const place = await pointerOf(shared.display);
  assert.notDeepEqual(place, [11, 22]);
  viewer.session.movePointer(33, 44);
  await soonPlace([33, 44]);
  viewer.session.close();
  await viewer.until(ended);
});

test("keys held when the link breaks are released", async () => {
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword() });
  await viewer.until(connected);
  const key = {
    code: "ShiftLeft",
    key: "Shift",
    ctrl: false,
    alt: false,
    shift: true,
    meta: false,
    altGraph: false,
    capsLock: false,
    numLock: false,
    repeat: false,
  };
  viewer.session.keyDown(key);
  await soonKeys(1);
  // Not a farewell: the socket is torn away under the session.
  await Promise.all([servers.relay[Symbol.asyncDispose]()]);
  await soonKeys(0);
  await viewer.until(ended);
  assert.equal(endCode(viewer.session.state), "lost");
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
  servers = stack.use(await startServers());
  shared = stack.use(await startDesktop({ width: 640, height: 480 }));
  host = stack.use(await startHost(servers, shared.desktop));
});

test("an unknown ID, an offline one and a wrong server key are told apart", async () => {
  const unknown = lookAt(servers, "999999999");
  assert.equal(endCode(await unknown.until(ended)), "unknown-id");
  const wrong = lookAt(servers, host.id, { serverKey: Buffer.alloc(32, 7).toString("base64") });
  assert.equal(endCode(await wrong.until(ended)), "wrong-key");
});

test("a host key that this viewer did not see at its first visit is refused, with both fingerprints", async () => {
  const knownHosts = memoryKnownHosts();
  const other = nodeCrypto().signKeyPair(new Uint8Array(32).fill(9));
  knownHosts.keys.set(`${servers.key.publicText} ${host.id}`, other.publicKey);
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword(), knownHosts });
  const { phase } = await viewer.until(ended);
  assert.ok(phase.name === "ended" && phase.end.code === "key-changed");
  assert.notEqual(phase.end.pinned, phase.end.offered);
  // The person compares and accepts just this key.
  const again = lookAt(servers, host.id, {
    password: await host.freshPassword(),
    knownHosts,
    trustFingerprint: phase.end.offered ?? "",
  });
  await again.until(connected);
  again.session.close();
  await again.until(ended);
});

/** A TCP relay in front of the real one that keeps everything it carries, and may alter it. */
async function tap(
  alter: (chunk: Buffer, count: number) => Buffer,
): Promise<{ port: number; seen: Buffer[]; close(): void }> {
  const seen: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(servers.relay.ports.main, "127.0.0.1");
    let count = 0;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk: Buffer) => {
        seen.push(Buffer.from(chunk));
        to.write(from === client ? alter(chunk, ++count) : chunk);
      });
      from.on("close", () => to.destroy());
      from.on("error", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    seen,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("a recording relay in the middle never sees what is typed, shown or said", async (t) => {
  const recorder = await tap((chunk) => chunk);
  t.after(() => recorder.close());
  const viewer = lookAt(servers, host.id, {
    password: await host.freshPassword(),
    relay: `127.0.0.1:${recorder.port}`,
  });
  await viewer.until(connected);
  const secret = "a secret that nobody else may read";
  viewer.session.typeText(secret);
  await soon("a picture", () => viewer.pictures.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const carried = Buffer.concat(recorder.seen);
  assert.ok(carried.length > 1000);
  // Shorter ones turn up in any cipher text by chance.
  const plain = [secret, host.password(), shared.desktop.hostname, "Wrong Password"].filter(({ length }) => length > 5);
  for (const known of plain) assert.ok(!carried.includes(known), known);
  viewer.session.close();
  await viewer.until(ended);
});

test("a flipped bit on the way ends the session", async (t) => {
  const meddler = await tap((chunk, count) => {
    // Past the joining and the key exchange; the last byte belongs to the sealed part.
    if (count === 5) chunk[chunk.length - 1] = (chunk.at(-1) as number) ^ 1;
    return chunk;
  });
  const viewer = lookAt(servers, host.id, { password: await host.freshPassword(), relay: `127.0.0.1:${meddler.port}` });
  t.after(() => meddler.close());
  await viewer.until((state) => connected(state) || ended(state));
  for (let i = 0; i < 50; i++) {
    viewer.session.movePointer(i, i);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await viewer.until(ended);
  await host.until((event) => "why" in event && event.why === "decryption-failed");
});

async function soonPlace(place: readonly [number, number]): Promise<void> {
  for (let i = 0; ; i++) {
    const now = await pointerOf(shared.display);
    if (now[0] === place[0] && now[1] === place[1]) return;
    if (i > 100) assert.deepEqual(now, place);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function soonKeys(count: number): Promise<void> {
  for (let i = 0; ; i++) {
    const keys = await pressedKeys(shared.display);
    if (keys === count) return;
    if (i > 100) assert.equal(keys, count);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
