import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { HOST, raw, type TestGateway, testGateway, upgrade } from "../test/gateway.ts";

let running: TestGateway;
before(async () => {
  running = await testGateway();
});
after(() => running[Symbol.asyncDispose]());

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${HOST}:${running.port}${path}`, init);

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
  assert.equal(page.headers.get("strict-transport-security"), null);
  assert.match((await get("/assets/a.js")).headers.get("cache-control") ?? "", /immutable/);
  assert.equal(await (await get("/connect/123456789")).text(), "<!doctype html>client");
  const config = await get("/config.json");
  assert.deepEqual(await config.json(), {
    serverKey: "the key",
    idPath: "/ws/id",
    relayPath: "/ws/relay",
    iceServers: "",
    natTest: "",
  });
  assert.equal(config.headers.get("cache-control"), "no-store");
  assert.equal((await get("/api/login", { method: "POST", body: "{}" })).status, 404);
});

test("nothing outside of the page's folder can be read", async () => {
  const tries = [
    "/../secret",
    "/..%2fsecret",
    "/assets/../../secret",
    "/%2e%2e/secret",
    "/..\\secret",
    "/a%00b",
    "/%",
    "//etc/passwd",
    `http://${HOST}/../secret`,
  ];
  for (const path of tries) {
    const answer = await raw(running.port, `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 /, path);
    assert.ok(!answer.includes("nobody may read this") && !answer.includes("root:"), path);
  }
});

test("a body is never waited for, nor is a client told to send one", async () => {
  const head = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1000000\r\n`;
  for (const more of ["", "Expect: 100-continue\r\n"]) {
    const answer = await raw(running.port, `${head}${more}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 405 /);
    assert.match(answer, /\r\nAllow: GET, HEAD\r\n/i);
    assert.match(answer, /\r\nConnection: close\r\n/i);
  }
});

test("what is no HTTP, or too much of it, is told so and gone", async () => {
  assert.match(await raw(running.port, "BEGONE\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await raw(running.port, `GET / HTTP/1.1\r\n\r\n`), /^HTTP\/1\.1 400 /);
  const fat = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${"a".repeat(20_000)}\r\n\r\n`;
  assert.match(await raw(running.port, fat), /^HTTP\/1\.1 431 /);
  assert.match(await raw(running.port, `CONNECT ${HOST}:22 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`), /^$|^HTTP\/1\.1 4/);
  assert.equal(running.gateway.figures().refused.malformed >= 2, true);
});

test("whoever offers another protocol than WebSocket is answered in this one", async () => {
  const offer = "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
  const answer = await raw(running.port, `GET /health HTTP/1.1\r\nHost: ${HOST}\r\n${offer}\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*\{"status":"ok"\}/);
});

test("one address gets only so many connections", { timeout: 20_000 }, async () => {
  const opened = Array.from({ length: 300 }, () => connect(running.port, HOST));
  const ends = opened.map(
    (socket) =>
      new Promise<void>((resolve) => {
        socket.on("error", () => undefined);
        socket.once("close", () => resolve());
      }),
  );
  // Those that there is no room for are closed by the server.
  for (let closed = 0; closed < 300 - 256; closed++) {
    const first = await Promise.race(ends.map((end, i) => end.then(() => i)));
    ends.splice(first, 1);
  }
  for (const socket of opened) socket.destroy();
  await Promise.all(ends);
  assert.ok(running.gateway.figures().refused["address-full"] >= 44);
  const told = running.lines.filter((line) => line.includes("address-full"));
  assert.ok(told.length <= 1, "an offender is worth one line");
});

test("clients that vanish in the middle of a handshake harm nobody", async () => {
  for (const text of [upgrade("/ws/id").slice(0, 40), upgrade("/nothing"), "\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
    await new Promise<void>((resolve) => {
      const socket = connect(running.port, HOST, () => {
        socket.write(text);
        socket.resetAndDestroy();
      });
      socket.on("close", () => resolve());
      socket.on("error", () => undefined);
    });
  }
  assert.equal((await get("/health")).status, 200);
});

test("ready is what the servers behind say, without the reason", async () => {
  assert.equal((await get("/ready")).status, 200);
  await using broken = await testGateway({}, () => {
    throw new Error("the database is gone");
  });
  const answer = await fetch(`http://${HOST}:${broken.port}/ready`);
  assert.equal(answer.status, 503);
  assert.deepEqual(await answer.json(), { status: "not-ready" });
  assert.deepEqual(await broken.gateway.ready(), { type: "not-ready", why: "the database is gone" });
});
