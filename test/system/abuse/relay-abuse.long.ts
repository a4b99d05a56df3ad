import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { Link } from "@pulpit/link";
import { dial } from "@pulpit/link-node";
import { encodeFrame } from "@pulpit/wire";
import { loopbackAddress } from "./addresses.ts";
import { atRelay, dialFrom, joined, relay } from "./legitimate.ts";
import { loudest } from "./log-lines.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { assertPrompt, pause, settled, Times } from "./timing.ts";

const HOST = "127.0.0.1";
const MAY_REMAIN = 30;
const REMAINS_FOR = 20_000;
/** docs/limits.md: parties waiting from one address. */
const WAITING_PER_ADDRESS = 64;

async function measured(server: ServerProcess, attempts = 9): Promise<Times> {
  const times = new Times();
  for (let i = 0; i < attempts; i++) {
    await times.measure((signal) => relay(server, `${HOST}:${server.ports.relay}`, signal));
    await times.measure((signal) => relay(server, `ws://${HOST}:${server.ports.relayWebsocket}`, signal));
    await pause(50);
  }
  return times;
}

/** A party that says `first` and then nothing; resolves when it stands. */
async function party(server: ServerProcess, from: string, first: Uint8Array): Promise<Socket> {
  const socket = connect({ host: HOST, port: server.ports.relay, localAddress: from });
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  socket.write(first);
  return socket;
}

/** A party that shows its uuid and never reads. */
async function silentParty(address: string, request: Uint8Array): Promise<{ close(): void }> {
  const port = Number(new URL(address.includes("//") ? address : `tcp://${address}`).port);
  const socket = connect({ host: HOST, port });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (address.startsWith("ws")) {
    const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    socket.write(
      `GET /ws/relay HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    // A binary message, masked with zeros, as long as one byte can say.
    assert.ok(request.length < 126);
    socket.write(Buffer.concat([Uint8Array.of(0x82, 0x80 | request.length, 0, 0, 0, 0), request]));
  } else socket.write(encodeFrame(request));
  return { close: () => void socket.destroy() };
}

const open = (sockets: readonly Socket[]): number =>
  sockets.filter((socket) => !socket.closed && !socket.readableEnded).length;

test("thousands that wait for nobody hold up no pair, and no address has more than its share of places", async (t) => {
  await using server = await startServer();
  await measured(server, 2);
  const before = await server.held();
  const waiting: Socket[] = [];
  for (let i = 0; i < 40; i++) {
    const one = Array.from({ length: 100 }, () =>
      party(server, loopbackAddress(i), encodeFrame(atRelay(randomUUID(), server.key))),
    );
    waiting.push(...(await Promise.all(one)));
  }
  await pause(1000);
  const stood = open(waiting);
  const times = await measured(server);
  for (const socket of waiting) socket.destroy();
  const after = await settled(server.held, before + MAY_REMAIN, REMAINS_FOR);
  t.diagnostic(`${waiting.length} came, ${stood} were let wait; ${times}`);
  t.diagnostic(`MB: ${before.toFixed(0)} before, ${after.toFixed(0)} held after`);
  assert.ok(stood <= 40 * WAITING_PER_ADDRESS, `${stood} wait`);
  assert.equal(server.ended, undefined, server.words());
  assertPrompt("a pair", times);
  assert.ok(after <= before + MAY_REMAIN);
});

test("huge first frames and wrong keys are sent away, at no cost in memory", async (t) => {
  await using server = await startServer();
  await measured(server, 2);
  const before = await server.held();
  const wrongs: readonly Uint8Array[] = [
    // A frame of a gigabyte is announced, and as much of it comes as is taken.
    Buffer.concat([Uint8Array.of(0xff, 0xff, 0xff, 0xff), new Uint8Array(100_000)]),
    encodeFrame(new Uint8Array(64 * 1024 + 1)),
    encodeFrame(atRelay("u".repeat(60_000), server.key)),
    encodeFrame(atRelay(randomUUID(), "k".repeat(60_000))),
    encodeFrame(atRelay("", server.key)),
    encodeFrame(randomBytes(60_000)),
  ];
  const sent: Socket[] = [];
  for (let i = 0; i < 2000; i++) {
    sent.push(await party(server, loopbackAddress(i), wrongs[i % wrongs.length] as Uint8Array));
  }
  await pause(1000);
  const stayed = open(sent);
  const times = await measured(server);
  for (const socket of sent) socket.destroy();
  const after = await settled(server.held, before + MAY_REMAIN, REMAINS_FOR);
  t.diagnostic(`${sent.length} came, ${stayed} stayed; ${times}`);
  t.diagnostic(`MB: ${before.toFixed(0)} before, ${after.toFixed(0)} held after`);
  assert.equal(stayed, 0);
  assert.equal(server.ended, undefined, server.words());
  assertPrompt("a pair", times);
  assert.ok(after <= before + MAY_REMAIN);
});

test("who comes third with the uuid of a pair gets none of its bytes and does not disturb it", async () => {
  await using server = await startServer();
  const signal = AbortSignal.timeout(60_000);
  for (const address of [`${HOST}:${server.ports.relay}`, `ws://${HOST}:${server.ports.relayWebsocket}`]) {
    const uuid = randomUUID();
    const [first, second] = await joined(server, address, signal, uuid);
    await through(first, second);
    const thirds: Link[] = [];
    let overheard = 0;
    for (let i = 0; i < 50; i++) {
      const third = await dialFrom(loopbackAddress(i), server.ports.relay, "relay");
      thirds.push(third);
      await third.send(atRelay(uuid, server.key));
      void third.receive().then(
        (bytes) => {
          overheard += bytes?.length ?? 0;
        },
        () => undefined,
      );
    }
    // Two of those who came later may find each other: it is the pair that must not notice.
    for (let i = 0; i < 20; i++) {
      await through(first, second);
      await through(second, first);
    }
    await pause(200);
    for (const each of [first, second, ...thirds]) void each.close();
    assert.equal(overheard, 0);
  }
  assert.equal(server.ended, undefined, server.words());
});

async function through(from: Link, to: Link): Promise<void> {
  const sent = randomBytes(1000);
  await from.send(sent);
  assert.deepEqual(Buffer.from((await to.receive()) as Uint8Array), sent);
}

test("who vanishes while waiting gives its place back at once", async (t) => {
  await using server = await startServer();
  const from = loopbackAddress(0);
  for (const how of ["farewell", "reset"] as const) {
    for (let round = 0; round < WAITING_PER_ADDRESS; round++) {
      const socket = await party(server, from, encodeFrame(atRelay(randomUUID(), server.key)));
      await pause(5);
      if (how === "reset") socket.resetAndDestroy();
      else socket.end();
    }
    await pause(1000);
    const late = await party(server, from, encodeFrame(atRelay(randomUUID(), server.key)));
    await pause(500);
    const stands = open([late]) === 1;
    late.destroy();
    t.diagnostic(
      `after ${WAITING_PER_ADDRESS} left with a ${how}, the next one ${stands ? "may wait" : "is sent away"}`,
    );
    assert.ok(stands, how);
    // The next way to vanish begins with all places free.
    await pause(100);
  }
});

test("who comes back with the uuid it vanished with meets its partner and not itself", async () => {
  await using server = await startServer();
  const uuid = randomUUID();
  const signal = AbortSignal.timeout(20_000);
  const vanished = await party(server, HOST, encodeFrame(atRelay(uuid, server.key)));
  await pause(100);
  vanished.resetAndDestroy();
  await pause(500);
  const [first, second] = await joined(server, `${HOST}:${server.ports.relay}`, signal, uuid);
  await through(first, second);
  await Promise.all([first.close(), second.close()]);
});

test("a receiver that never reads makes the sender wait, and the relay's memory stays where it is", async (t) => {
  await using server = await startServer();
  await measured(server, 2);
  const before = await server.held();
  const signal = AbortSignal.timeout(120_000);
  const addresses = [`${HOST}:${server.ports.relay}`, `ws://${HOST}:${server.ports.relayWebsocket}`];
  const all: { close(reason?: Error): unknown }[] = [];
  let taken = 0;
  for (let i = 0; i < 20; i++) {
    // All four kinds of pairs: TCP and WebSocket, each way.
    const uuid = randomUUID();
    const sender = await dial(addresses[i & 1] as string, { route: "relay", signal });
    const deaf = await silentParty(addresses[(i >> 1) & 1] as string, atRelay(uuid, server.key));
    await sender.send(atRelay(uuid, server.key));
    all.push(sender, deaf);
    void (async () => {
      const block = randomBytes(256 * 1024);
      for (;;) {
        await sender.send(block);
        taken += block.length;
      }
    })().catch(() => undefined);
  }
  let highest = 0;
  const times = new Times();
  for (let i = 0; i < 20; i++) {
    await times.measure((abort) => relay(server, addresses[i & 1] as string, abort));
    await pause(250);
    highest = Math.max(highest, server.rss());
  }
  await Promise.all(all.map((link) => link.close(new Error("enough"))));
  const after = await settled(server.held, before + MAY_REMAIN, REMAINS_FOR);
  t.diagnostic(`${(taken / 1024 / 1024).toFixed(0)} MB were taken for 20 who never read; ${times}`);
  t.diagnostic(`MB: ${before.toFixed(0)} before, ${highest.toFixed(0)} highest, ${after.toFixed(0)} held after`);
  assert.equal(server.ended, undefined, server.words());
  assertPrompt("a pair", times);
  // What one pair may have in the relay: a message or two, and the buffers of two sockets.
  assert.ok(highest <= before + 20 * 8, `${highest.toFixed(0)} MB`);
  assert.ok(after <= before + MAY_REMAIN, `${after.toFixed(0)} MB held`);
});

test("wrong keys are a line in the log for each who shows them, not for each time", async () => {
  await using server = await startServer();
  for (let i = 0; i < 200; i++) {
    (await party(server, loopbackAddress(i % 2), encodeFrame(atRelay(randomUUID(), "wrong")))).end();
  }
  await pause(500);
  const [source, count] = loudest(server.log());
  assert.ok(count <= 1, `${count} lines about ${source} within a minute`);
});
