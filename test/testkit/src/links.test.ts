import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { framed, type Link, LinkError, memoryLinks } from "@pulpit/link";
import { dial, listenTcp, listenWebSocket, socketStream } from "@pulpit/link-node";
import { linkCompliance, type Pair } from "./link-compliance.ts";

const HOST = "127.0.0.1";
const LIMIT = 16 * 1024 * 1024;
const route = "relay" as const;
const signal = AbortSignal.timeout(120_000);

/** Both ends, once the listener has seen the other one; closing them ends the listener too. */
async function meet(a: Promise<Link>, b: Promise<Link>, listener: { close(): Promise<void> }): Promise<Pair> {
  const [first, second] = await Promise.all([a, b]);
  first.limit(LIMIT);
  second.limit(LIMIT);
  return {
    a: first,
    b: second,
    async [Symbol.asyncDispose]() {
      const closed = listener.close();
      await Promise.all([first.close(), second.close()]);
      await closed;
    },
  };
}

linkCompliance("memory", async () => {
  const [a, b] = memoryLinks();
  return { a, b, [Symbol.asyncDispose]: async () => void (await Promise.all([a.close(), b.close()])) };
});

linkCompliance("TCP", async () => {
  const { promise, resolve } = Promise.withResolvers<Link>();
  const listener = await listenTcp({ host: HOST, port: 0, maxConnections: 9 }, (socket) =>
    resolve(framed(socketStream(socket, route), LIMIT)),
  );
  return meet(dial(`${HOST}:${listener.port}`, { route, signal }), promise, listener);
});

linkCompliance("WebSocket", async () => {
  const { promise, resolve } = Promise.withResolvers<Link>();
  const listener = await listenWebSocket({ host: HOST, port: 0, limit: LIMIT, route }, (link) => resolve(link));
  return meet(dial(`ws://${HOST}:${listener.port}`, { route, signal }), promise, listener);
});

test("dialling nobody, nonsense, or with a change of mind is a LinkError that says which", async () => {
  const listener = await listenTcp({ host: HOST, port: 0, maxConnections: 1 }, () => undefined);
  const { port } = listener;
  await listener.close();
  for (const address of [`${HOST}:${port}`, `ws://${HOST}:${port}`]) {
    await assert.rejects(
      dial(address, { route, signal }),
      (error) => error instanceof LinkError && error.code === "refused",
    );
    const given = AbortSignal.abort();
    await assert.rejects(
      dial(address, { route, signal: given }),
      (error) => error instanceof LinkError && error.code === "aborted",
    );
  }
  await assert.rejects(
    dial("", { route, signal }),
    (error) => error instanceof LinkError && error.code === "not-found",
  );
});

test("a listener stops at once, whoever holds a connection to it without saying anything", {
  timeout: 10_000,
}, async () => {
  const listener = await listenWebSocket({ host: HOST, port: 0, limit: LIMIT, route }, () => undefined);
  const silent = connect(listener.port, HOST);
  await once(silent, "connect");
  const half = connect(listener.port, HOST, () => half.write("GET / HTTP/1.1\r\nUpgrade: web"));
  await once(half, "connect");
  await listener.close();
  silent.destroy();
  half.destroy();
});
