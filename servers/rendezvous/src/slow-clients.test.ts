import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { dial, silentLog } from "@pulpit/link-node";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import { IDLE_LIMIT, MAX_CONNECTIONS_PER_ADDRESS } from "./config.ts";
import { loadServerKey } from "./key-files.ts";
import { type RendezvousServer, startRendezvous } from "./server.ts";

const HOST = "127.0.0.1";

/** A server with a folder of its own; gone afterwards, both. */
async function started(): Promise<{ server: RendezvousServer } & AsyncDisposable> {
  const path = mkdtempSync(join(tmpdir(), "pulpit-id-server-"));
  const key = loadServerKey(path, nodeCrypto(), nodeRandom());
  const server = await startRendezvous(
    { port: 0, host: HOST, relayServer: "", requireKey: true },
    { log: silentLog, key, databasePath: join(path, "pulpit.sqlite3") },
  );
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(path, { recursive: true });
    },
  };
}

/** An open socket that says only this; `closed` resolves when the other side has had enough. */
async function slow(port: number, bytes: readonly number[]): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect(port, HOST);
  socket.on("error", () => undefined);
  socket.on("data", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("connect", resolve));
  if (bytes.length > 0) await new Promise((resolve) => socket.write(Uint8Array.from(bytes), resolve));
  return { socket, closed };
}

/** The server answers somebody who asks properly. */
async function answers(port: number): Promise<void> {
  const link = await dial(`${HOST}:${port}`, { route: "server", signal: AbortSignal.timeout(20_000) });
  await link.send(encodeServerMessage({ case: "testNatRequest", value: {} }));
  assert.equal(decodeServerMessage((await link.receive()) ?? new Uint8Array(0)).case, "testNatResponse");
  await link.close();
}

test("who sends nothing, half a length or half a message is let go of in the end, and harms nobody until then", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await using place = await started();
  const { main, natTest } = place.server.ports;
  const beginnings = [[], [0x01], [0x28], [0x28, 1, 2, 3]];
  const clients = await Promise.all(beginnings.flatMap((bytes) => [slow(main, bytes), slow(natTest, bytes)]));
  // Whoever connects later is served later: all of them are being waited for by then.
  await answers(main);
  await answers(natTest);
  t.mock.timers.tick(IDLE_LIMIT - 1);
  await answers(natTest);
  assert.ok(clients.every(({ socket }) => !socket.closed));
  t.mock.timers.tick(IDLE_LIMIT);
  await Promise.all(clients.map(({ closed }) => closed));
  await answers(natTest);
});

test("one byte now and then buys no time: the whole message has to come within the limit", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await using place = await started();
  const { socket, closed } = await slow(place.server.ports.main, [0xa0]);
  await answers(place.server.ports.main);
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => socket.write(Uint8Array.of(i), resolve));
    t.mock.timers.tick(IDLE_LIMIT / 3 + 1);
  }
  await closed;
});

test("one address can't take all connections; others of its own are served again when some have gone", async () => {
  await using place = await started();
  const { natTest } = place.server.ports;
  const many = await Promise.all(Array.from({ length: MAX_CONNECTIONS_PER_ADDRESS }, () => slow(natTest, [])));
  const beyond = await slow(natTest, []);
  await beyond.closed;
  for (const { socket } of many.slice(0, 2)) socket.destroy();
  // The server hears of it a moment later; until then it turns us away.
  let served = false;
  for (let tries = 0; tries < 100 && !served; tries++) {
    served = await answers(natTest).then(
      () => true,
      () => false,
    );
  }
  assert.ok(served);
  for (const { socket } of many) socket.destroy();
});
