import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import {
  CONNECTIONS,
  raw,
  requestFor,
  runningPage,
  statusOf,
  TestTab,
  tokenOf,
  upgradeRequest,
} from "../test/running-page.ts";

test("a name that leads here from elsewhere gets neither file nor channel", async (t) => {
  const { page } = await runningPage(t);
  const { port } = page;
  for (const host of [
    "rebound.example",
    `rebound.example:${port}`,
    "127.0.0.1",
    "localhost",
    `127.0.0.1:${port + 1}`,
  ]) {
    assert.equal(statusOf(await raw(port, requestFor("/", [`Host: ${host}`]))), 421, host);
    const upgrade = upgradeRequest([`Host: ${host}`, `Origin: http://${host}`]);
    assert.equal(statusOf(await raw(port, upgrade)), 421, host);
  }
  assert.equal(statusOf(await raw(port, "GET / HTTP/1.0\r\n\r\n")), 421);
  assert.equal(statusOf(await raw(port, requestFor("/", [`Host: localhost:${port}`]))), 200);
});

test("a page of another origin gets no channel, whatever it knows", async (t) => {
  const { page, lines } = await runningPage(t);
  const { port } = page;
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
  const tab = new TestTab(page, { token: tokenOf(page.link()) }, "https://evil.example");
  assert.equal(await tab.closed, 1006);
  assert.equal(await tab.key, undefined);
});

test("a token in the query string opens nothing", async (t) => {
  const { page } = await runningPage(t);
  const link = page.link();
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#token=[A-Za-z0-9_-]{43}$/);
  const headers = [`Host: 127.0.0.1:${page.port}`, `Origin: http://127.0.0.1:${page.port}`];
  const request = upgradeRequest(headers, `/channel?token=${tokenOf(link)}`);
  assert.equal(statusOf(await raw(page.port, request)), 404);
});

test("it listens on 127.0.0.1 and nowhere else", async (t) => {
  const { page } = await runningPage(t);
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const addresses = ["127.0.0.2", ...others.map(({ address }) => address)].filter((it) => it !== "127.0.0.1");
  for (const address of addresses.filter((it) => !it.startsWith("fe80"))) {
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ port: page.port, host: address }, () => resolve("connected"));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.on("close", () => socket.destroy());
    });
    assert.notEqual(outcome, "connected", address);
  }
});

test("more connections than allowed are not served, and those before them are", async (t) => {
  const { page } = await runningPage(t);
  const sockets = await Promise.all(
    Array.from(
      { length: CONNECTIONS },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve) => {
          const socket = connect({ port: page.port, host: "127.0.0.1" }, () => resolve(socket));
          socket.on("error", () => undefined);
        }),
    ),
  );
  const request = requestFor("/", [`Host: 127.0.0.1:${page.port}`]);
  assert.equal(await raw(page.port, request), "");
  const first = sockets[0] as ReturnType<typeof connect>;
  const answer = new Promise<string>((resolve) => first.once("data", (chunk) => resolve(chunk.toString())));
  first.write(request);
  assert.equal(statusOf(await answer), 200);
  for (const socket of sockets) socket.destroy();
});
