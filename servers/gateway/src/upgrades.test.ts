import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import type { Link } from "@pulpit/link";
import { dial } from "@pulpit/link-node";
import { HOST, raw, testGateway, upgrade, upgradeStatus } from "../test/gateway.ts";

const signal = AbortSignal.timeout(60_000);
const open = (port: number, path: string): Promise<Link> =>
  dial(`ws://${HOST}:${port}${path}`, { route: "server", signal });

test("a socket of another site's page, or to anywhere else, is refused; what is no URL harms nobody", async () => {
  await using running = await testGateway({ extraOrigins: ["https://desk.example.com"] });
  const status = (path: string, more?: string): Promise<number> => upgradeStatus(running.port, path, more);
  assert.equal(await status("/ws/id"), 101);
  assert.equal(await status("/ws/id?a=1", `Origin: http://${HOST}\r\n`), 101);
  assert.equal(await status("/ws/relay", "Origin: https://desk.example.com\r\n"), 101);
  for (const origin of ["http://evil.example", "null", "http://desk.example.com", `ftp://${HOST}`, "", "//["])
    assert.equal(await status("/ws/id", `Origin: ${origin}\r\n`), 403, origin);
  // Only a trusted proxy may say under which name we were asked.
  assert.equal(await status("/ws/id", "Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\n"), 403);
  assert.equal(await status("/ws/other"), 404);
  assert.match(await raw(running.port, upgrade("//[")), /^HTTP\/1\.1 40/);
  const { refused } = running.gateway.figures();
  assert.equal(refused["foreign-origin"], 7);
  assert.equal(running.lines.filter((line) => line.includes("request refused")).length, 1);
});

test("a handshake that is none gets an HTTP error that says what is missing", async () => {
  await using running = await testGateway();
  const said = (change: (text: string) => string): Promise<string> => raw(running.port, change(upgrade("/ws/id")));
  assert.match(await said((text) => text.replace(/Sec-WebSocket-Key.*\r\n/, "")), /^HTTP\/1\.1 400 /);
  assert.match(await said((text) => text.replace("Version: 13", "Version: 7")), /^HTTP\/1\.1 4/);
  assert.match(await said((text) => text.replace("GET", "POST")), /^HTTP\/1\.1 405 /);
  const plain = await fetch(`http://${HOST}:${running.port}/ws/id`);
  assert.equal(plain.status, 426);
  assert.equal(running.gateway.figures().refused.malformed, 3);
  assert.deepEqual(running.gateway.figures().websockets, { id: 0, relay: 0 });
});

test("both servers get their links, with the address and the size of message that is theirs", async () => {
  await using running = await testGateway();
  const id = await open(running.port, "/ws/id");
  const relay = await open(running.port, "/ws/relay");
  assert.deepEqual(running.came, [`id ${HOST} 0`, `relay ${HOST}`]);
  assert.deepEqual(running.gateway.figures().websockets, { id: 1, relay: 1 });
  relay.limit(1024 * 1024);
  await relay.send(new Uint8Array(300_000));
  assert.equal((await relay.receive())?.length, 300_000);
  await id.send(new Uint8Array(64 * 1024));
  assert.equal((await id.receive())?.length, 64 * 1024);
  await id.send(new Uint8Array(64 * 1024 + 1));
  assert.equal(await id.receive().catch(() => undefined), undefined);
  await relay.close();
});

test("a trusted proxy says who, how and under which name; nobody else is believed", async () => {
  const forwarded = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: desk.example.com\r\n";
  const origin = "Origin: https://desk.example.com\r\n";
  await using behind = await testGateway({ trustedProxies: ["127.0.0.0/8"] });
  const https = "X-Forwarded-Proto: https\r\n";
  assert.equal(await upgradeStatus(behind.port, "/ws/id", forwarded + https + origin), 101);
  assert.deepEqual(behind.came, ["id 203.0.113.9 0"]);
  // Over plain HTTP from elsewhere: neither sockets nor pages, but the checks.
  assert.equal(await upgradeStatus(behind.port, "/ws/id", forwarded + origin), 403);
  const asked = (path: string): Promise<string> =>
    raw(behind.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${forwarded}\r\n`);
  assert.match(await asked("/"), /^HTTP\/1\.1 403 [\s\S]*https:\/\//);
  assert.match(await asked("/health"), /^HTTP\/1\.1 200 /);
  assert.equal(behind.gateway.figures().refused.insecure, 2);

  await using open = await testGateway({ plainHttp: "anywhere", trustedProxies: ["127.0.0.1"] });
  assert.equal(await upgradeStatus(open.port, "/ws/id", forwarded), 101);
  await using direct = await testGateway();
  assert.equal(await upgradeStatus(direct.port, "/ws/id", forwarded), 101);
  assert.deepEqual(direct.came, [`id ${HOST} 0`]);
});

test("one client behind a proxy gets only so many sockets, and takes nobody else's", { timeout: 30_000 }, async () => {
  await using running = await testGateway({ trustedProxies: [HOST], plainHttp: "anywhere" });
  const held = await Promise.all(
    Array.from({ length: 256 }, async () => {
      const socket = connect(running.port, HOST, () =>
        socket.write(upgrade("/ws/relay", "X-Forwarded-For: 2001:db8::1\r\n")),
      );
      await once(socket, "data");
      return socket;
    }),
  );
  // The same /64.
  assert.equal(await upgradeStatus(running.port, "/ws/id", "X-Forwarded-For: 2001:db8::2\r\n"), 429);
  assert.equal(await upgradeStatus(running.port, "/ws/id", "X-Forwarded-For: 2001:db8:0:1::1\r\n"), 101);
  for (const socket of held) socket.destroy();
});

test("a server that drains takes no new sessions, is not ready, and lets open ones go on", async () => {
  await using running = await testGateway();
  const link = await open(running.port, "/ws/id");
  running.gateway.drain();
  assert.equal(await upgradeStatus(running.port, "/ws/relay"), 503);
  assert.equal((await fetch(`http://${HOST}:${running.port}/ready`)).status, 503);
  assert.equal((await fetch(`http://${HOST}:${running.port}/health`)).status, 200);
  assert.equal((await fetch(`http://${HOST}:${running.port}/`)).status, 200);
  await link.send(new Uint8Array([1, 2, 3]));
  assert.deepEqual([...((await link.receive()) ?? [])], [1, 2, 3]);
  await link.close();
});
