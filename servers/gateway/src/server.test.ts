import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { silentLog } from "@pulpit/link-node";
import { type RelayServer, startRelay } from "@pulpit/relay";
import { loadServerKey, RENDEZVOUS_DEFAULTS, type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { type GatewayServer, startGateway } from "./server.ts";

const HOST = "127.0.0.1";
const stack = new AsyncDisposableStack();
let gateway: GatewayServer;
let key: string;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-gateway-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const webRoot = join(folder, "web");
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(webRoot, "index.html"), "<!doctype html>client");
  writeFileSync(join(webRoot, "assets", "a.js"), "1");
  writeFileSync(join(folder, "secret"), "nobody may read this");
  const serverKey = loadServerKey(folder, nodeCrypto(), nodeRandom());
  key = serverKey.publicText;
  const relay: RelayServer = stack.use(await startRelay({ port: 0, host: HOST, requiredKey: key }, { log: silentLog }));
  const rendezvous: RendezvousServer = stack.use(
    await startRendezvous(
      { port: 0, host: HOST, ...RENDEZVOUS_DEFAULTS },
      { log: silentLog, key: serverKey, databasePath: join(folder, "pulpit.sqlite3") },
    ),
  );
  gateway = stack.use(
    await startGateway({ port: 0, host: HOST, webRoot, serverKey: key }, { log: silentLog, rendezvous, relay }),
  );
});
after(() => stack.disposeAsync());

/** Sends text as it is and collects what comes back until the other side closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket: Socket = connect(gateway.port, HOST, () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${HOST}:${gateway.port}${path}`, init);
const upgrade = (path: string, more: string = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;

test("the page, its files and its server's key are served, with a policy that lets in nothing else", async () => {
  const page = await get("/");
  assert.equal(await page.text(), "<!doctype html>client");
  const policy = page.headers.get("content-security-policy") ?? "";
  for (const part of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    assert.ok(policy.includes(part), part);
  }
  assert.ok(!/script-src[^;]*unsafe/.test(policy));
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.match((await get("/assets/a.js")).headers.get("cache-control") ?? "", /immutable/);
  assert.equal(await (await get("/connect/123456789")).text(), "<!doctype html>client");
  const config = await get("/config.json");
  assert.deepEqual(await config.json(), { serverKey: key, idPath: "/ws/id", relayPath: "/ws/relay" });
  assert.equal(config.headers.get("cache-control"), "no-store");
  assert.equal((await get("/api/login", { method: "POST", body: "{}" })).status, 404);
});

test("nothing outside of the page's folder can be read", async () => {
  for (const path of [
    "/../secret",
    "/..%2fsecret",
    "/assets/../../secret",
    "/%2e%2e/secret",
    "/..\\secret",
    "/a%00b",
    "/%",
  ]) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 /, path);
    assert.ok(!answer.includes("nobody may read this"), path);
  }
});

test("a socket of another site's page, or to anywhere else, is refused; what is no URL harms nobody", async () => {
  assert.match(await raw(upgrade("/ws/id", "Origin: http://evil.example\r\n")), /^HTTP\/1\.1 403/);
  assert.match(await raw(upgrade("/ws/id", "Origin: null\r\n")), /^HTTP\/1\.1 403/);
  assert.match(await raw(upgrade("/ws/other")), /^HTTP\/1\.1 403/);
  assert.match(await raw(upgrade("//[")), /^HTTP\/1\.1 40/);
  assert.equal((await get("/health")).status, 200);
});

test("a page of its own is let in", async () => {
  const socket = new WebSocket(`ws://${HOST}:${gateway.port}/ws/id`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const closed = new Promise((resolve) => {
    socket.onclose = resolve;
  });
  // Rubbish ends this socket, and this one only.
  socket.send(new Uint8Array([255, 255, 255]));
  await closed;
  assert.equal((await get("/health")).status, 200);
});

test("clients that vanish in the middle of a handshake harm nobody", async () => {
  for (const text of [upgrade("/ws/id").slice(0, 40), upgrade("/nothing"), "\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
    await new Promise<void>((resolve) => {
      const socket = connect(gateway.port, HOST, () => {
        socket.write(text);
        socket.resetAndDestroy();
      });
      socket.on("close", () => resolve());
      socket.on("error", () => undefined);
    });
  }
  assert.equal((await get("/health")).status, 200);
});
