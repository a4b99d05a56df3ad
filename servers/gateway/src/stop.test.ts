import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import type { Link } from "@pulpit/link";
import { dial, silentLog } from "@pulpit/link-node";
import { startRelay } from "@pulpit/relay";
import { loadServerKey, RENDEZVOUS_DEFAULTS, startRendezvous } from "@pulpit/rendezvous";
import { startGateway } from "./server.ts";

const HOST = "127.0.0.1";

test("a stop ends pages, half requests and WebSockets, and the port is free again", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pulpit-gateway-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const key = loadServerKey(folder, nodeCrypto(), nodeRandom());
  const relay = stack.use(await startRelay({ port: 0, host: HOST, requiredKey: undefined }, { log: silentLog }));
  const rendezvous = stack.use(
    await startRendezvous(
      { port: 0, host: HOST, ...RENDEZVOUS_DEFAULTS },
      { log: silentLog, key, databasePath: join(folder, "pulpit.sqlite3") },
    ),
  );
  const config = { host: HOST, webRoot: join(folder, "web"), serverKey: key.publicText };
  const world = { log: silentLog, rendezvous, relay };
  const gateway = await startGateway({ ...config, port: 0 }, world);
  const { port } = gateway;

  const raw: Socket[] = [];
  for (const text of ["", "GET / HT", `GET /health HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`]) {
    const socket = connect(port, HOST);
    raw.push(socket);
    socket.on("error", () => undefined);
    socket.resume();
    await new Promise((resolve) => socket.once("connect", resolve));
    if (text !== "") await new Promise((resolve) => socket.write(text, resolve));
  }
  const gone = raw.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  const signal = AbortSignal.timeout(20_000);
  const links: Link[] = [];
  for (const path of ["/ws/id", "/ws/relay"])
    links.push(await dial(`ws://${HOST}:${port}${path}`, { route: "server", signal }));

  await gateway[Symbol.asyncDispose]();
  await Promise.all(gone);
  for (const link of links) assert.equal(await link.receive().catch(() => undefined), undefined);
  await using again = await startGateway({ ...config, port }, world);
  assert.equal(again.port, port);
  assert.equal((await fetch(`http://${HOST}:${port}/health`)).status, 200);
});
