import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { raw, runningPanel, TestPage, tokenOf, upgradeRequest } from "../test/running-panel.ts";
import { MAX_CONNECTIONS } from "./config.ts";

const get = (path: string, headers: readonly string[], method = "GET"): string =>
  [`${method} ${path} HTTP/1.1`, "Connection: close", ...headers, "\r\n"].join("\r\n");
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

test("the page comes with a policy that leaves nothing to others, and is not kept", async (t) => {
  const { panel } = await runningPanel(t);
  for (const path of ["", "index.html", "?token=x"]) {
    const answer = await fetch(panel.url + path);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /the page/);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  const refused = await fetch(`${panel.url}nothing`);
  assert.equal(refused.status, 404);
  for (const { headers } of [await fetch(panel.url), await fetch(`${panel.url}assets/main.js`), refused]) {
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("set-cookie"), null);
  }
});

test("a file is only sent again when it is another one", async (t) => {
  const { panel } = await runningPanel(t);
  const first = await fetch(`${panel.url}assets/main.js`);
  assert.equal(first.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(await first.text(), "export {};");
  const host = `Host: 127.0.0.1:${panel.port}`;
  const again = await raw(panel.port, get("/assets/main.js", [host, `If-None-Match: ${first.headers.get("etag")}`]));
  assert.equal(statusOf(again), 304);
  const head = await raw(panel.port, get("/assets/main.js", [host], "HEAD"));
  assert.match(head, /Content-Length: 10\r\n/);
  assert.ok(head.endsWith("\r\n\r\n"));
});

test("no spelling of a path leads out of the folder", async (t) => {
  const { panel } = await runningPanel(t);
  for (const path of [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..\\..\\secret.txt",
    "//secret.txt",
    "/link.txt",
    "/assets",
    "/assets/",
    "/__proto__",
    "/assets/main.js%00.html",
    "http://127.0.0.1/index.html",
    "*",
  ]) {
    const answer = await raw(panel.port, get(path, [`Host: 127.0.0.1:${panel.port}`]));
    assert.equal(statusOf(answer), 404, path);
    assert.doesNotMatch(answer, /secret\b.*$/s, path);
  }
});

test("a name that leads here from elsewhere gets neither file nor channel", async (t) => {
  const { panel } = await runningPanel(t);
  const { port } = panel;
  for (const host of [
    "rebound.example",
    `rebound.example:${port}`,
    "127.0.0.1",
    "localhost",
    `127.0.0.1:${port + 1}`,
  ]) {
    assert.equal(statusOf(await raw(port, get("/", [`Host: ${host}`]))), 421, host);
    const upgrade = upgradeRequest([`Host: ${host}`, `Origin: http://${host}`]);
    assert.equal(statusOf(await raw(port, upgrade)), 421, host);
  }
  assert.equal(statusOf(await raw(port, "GET / HTTP/1.0\r\n\r\n")), 421);
  assert.equal(statusOf(await raw(port, get("/", [`Host: localhost:${port}`]))), 200);
});

test("a page of another origin gets no channel, whatever it knows", async (t) => {
  const { panel, lines } = await runningPanel(t);
  const { port } = panel;
  const host = `Host: 127.0.0.1:${port}`;
  for (const origin of [
    "https://evil.example",
    "null",
    `http://127.0.0.1:${port + 1}`,
    "http://127.0.0.1",
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}/`,
  ]) {
    assert.equal(statusOf(await raw(port, upgradeRequest([host, `Origin: ${origin}`]))), 403, origin);
  }
  assert.equal(statusOf(await raw(port, upgradeRequest([host]))), 403, "no origin at all");
  assert.ok(lines.some((line) => line.includes("another origin")));
  const page = new TestPage(panel, { token: tokenOf(panel.link()) }, "https://evil.example");
  assert.equal(await page.closed, 1006);
  assert.deepEqual(page.messages, []);
});

test("a token in the query string opens nothing", async (t) => {
  const { panel } = await runningPanel(t);
  const link = panel.link();
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#token=[A-Za-z0-9_-]{43}$/);
  const headers = [`Host: 127.0.0.1:${panel.port}`, `Origin: http://127.0.0.1:${panel.port}`];
  const request = upgradeRequest(headers, `/channel?token=${tokenOf(link)}`);
  assert.equal(statusOf(await raw(panel.port, request)), 404);
});

test("files are only read", async (t) => {
  const { panel } = await runningPanel(t);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await fetch(panel.url, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "GET, HEAD");
  }
});

test("it listens on 127.0.0.1 and nowhere else", async (t) => {
  const { panel } = await runningPanel(t);
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const addresses = ["127.0.0.2", ...others.map(({ address }) => address)].filter((it) => it !== "127.0.0.1");
  for (const address of addresses.filter((it) => !it.startsWith("fe80"))) {
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ port: panel.port, host: address }, () => resolve("connected"));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.on("close", () => socket.destroy());
    });
    assert.notEqual(outcome, "connected", address);
  }
});

test("more connections than allowed are not served, and those before them are", async (t) => {
  const { panel } = await runningPanel(t);
  const sockets = await Promise.all(
    Array.from(
      { length: MAX_CONNECTIONS },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve) => {
          const socket = connect({ port: panel.port, host: "127.0.0.1" }, () => resolve(socket));
          socket.on("error", () => undefined);
        }),
    ),
  );
  const request = get("/", [`Host: 127.0.0.1:${panel.port}`]);
  assert.equal(await raw(panel.port, request), "");
  const first = sockets[0] as ReturnType<typeof connect>;
  const answer = new Promise<string>((resolve) => first.once("data", (chunk) => resolve(chunk.toString())));
  first.write(request);
  assert.equal(statusOf(await answer), 200);
  for (const socket of sockets) socket.destroy();
});
