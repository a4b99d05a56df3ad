import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { Link } from "@pulpit/link";
import { dial } from "@pulpit/link-node";
import { HOST, testGateway } from "../test/gateway.ts";

test("a stop ends pages, half requests and WebSockets, and the port is free again", async () => {
  await using running = await testGateway();
  const { port } = running;
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

  await running.gateway[Symbol.asyncDispose]();
  await Promise.all(gone);
  for (const link of links) assert.equal(await link.receive().catch(() => undefined), undefined);
  await using again = await testGateway({ port });
  assert.equal(again.port, port);
  assert.equal((await fetch(`http://${HOST}:${port}/health`)).status, 200);
});
