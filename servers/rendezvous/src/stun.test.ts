import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatagramSocket } from "@pulpit/link";
import { type Log, listenTcp, openUdp, silentLog } from "@pulpit/link-node";
import { canReadDatagrams } from "@pulpit/net-linux";
import { encodeServerMessage } from "@pulpit/wire";
import { datagrams, folder, LOCAL, started } from "../test/running.ts";
import { DATAGRAMS_PER_SECOND } from "./config.ts";

/** A Binding request as every WebRTC library sends it (RFC 8489, section 5): type, length, cookie, transaction. */
const request = Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
/** … and one with CHANGE-REQUEST (RFC 5780, section 7.2): 2 is the other port, 4 the other address. */
const changing = (flags: number): Uint8Array =>
  Uint8Array.of(...request.with(3, 8), 0x00, 0x03, 0x00, 0x04, 0, 0, 0, flags);

/** The kind of an answer and the port it came from. */
async function answerTo(socket: DatagramSocket, question: Uint8Array, port: number): Promise<[number, number]> {
  socket.send(question, { host: LOCAL, port });
  const { data, from } = (await socket.receive()) ?? assert.fail("no answer");
  return [((data[0] as number) << 8) | (data[1] as number), from.port];
}

for (const path of canReadDatagrams() ? (["fast", "portable"] as const) : (["portable"] as const)) {
  test(`who asks by STUN on the ID server's port is told its own address (${path} path)`, async () => {
    using place = folder();
    await using server = await started(place.path, { datagramPath: path });
    const socket = await datagrams();
    const to = { host: LOCAL, port: server.ports.main };
    // What only looks like it, from before the cookie to its middle, is dropped, and the next one answered.
    for (const bad of [request.subarray(0, 19), request.with(5, 0), request.with(1, 2), request.with(0, 0x40)]) {
      socket.send(bad, to);
    }
    socket.send(request, to);
    const answer = Uint8Array.from((await socket.receive())?.data ?? assert.fail("no answer"));
    const view = new DataView(answer.buffer, answer.byteOffset);
    assert.equal(view.getUint16(0), 0x0101);
    assert.deepEqual(answer.subarray(4, 20), request.subarray(4));
    // One attribute: XOR-MAPPED-ADDRESS of IPv4.
    assert.deepEqual([view.getUint16(20), view.getUint16(22), view.getUint16(24)], [0x0020, 8, 1]);
    assert.equal(view.getUint16(26) ^ 0x2112, socket.localPort);
    assert.equal((view.getUint32(28) ^ 0x2112a442) >>> 0, 0x7f000001);
    await socket.close();
  });
  test(`each of two ports answers for itself, or from the other one where that is asked for (${path} path)`, async () => {
    using place = folder();
    await using server = await started(place.path, { datagramPath: path });
    const socket = await datagrams();
    const { main, stun = assert.fail("no second port") } = server.ports;
    assert.equal(stun, server.ports.natTest);
    for (const [asked, other] of [
      [main, stun],
      [stun, main],
    ] as const) {
      assert.deepEqual(await answerTo(socket, request, asked), [0x0101, asked]);
      assert.deepEqual(await answerTo(socket, changing(0), asked), [0x0101, asked]);
      assert.deepEqual(await answerTo(socket, changing(2), asked), [0x0101, other]);
      // There is no other address, which is said from where it was asked.
      for (const flags of [4, 6]) assert.deepEqual(await answerTo(socket, changing(flags), asked), [0x0111, asked]);
    }
    await socket.close();
  });
}

test("the second port speaks STUN and nothing else, and counts what it drops", async () => {
  using place = folder();
  await using server = await started(place.path);
  const socket = await datagrams();
  const { stun: port = assert.fail("no second port") } = server.ports;
  const others = [
    encodeServerMessage({ case: "registerPeer", value: { id: "123456789", serial: 0 } }),
    encodeServerMessage({ case: "testNatRequest", value: {} }),
    Uint8Array.of(7),
    new Uint8Array(2000),
    request.with(0, 1),
  ];
  for (const other of others) socket.send(other, { host: LOCAL, port });
  // The first thing that comes back is the answer to the last one.
  assert.deepEqual(await answerTo(socket, request, port), [0x0101, port]);
  const { received, answered, dropped } = server.stats().datagrams;
  assert.deepEqual([received, answered, dropped.garbage], [others.length + 1, 0, others.length]);
  await socket.close();
});

test("one source has the same budget there as on the registration port", async () => {
  using place = folder();
  await using server = await started(place.path);
  const socket = await datagrams();
  const { stun: port = assert.fail("no second port") } = server.ports;
  // Within two seconds there are three budgets at the most.
  const sent = 4 * DATAGRAMS_PER_SECOND;
  for (let i = 0; i < sent; i++) socket.send(request, { host: LOCAL, port });
  const until = performance.now() + 2_000;
  const counted = (): number => server.stats().datagrams.received;
  while (counted() < sent && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(server.stats().datagrams.dropped.source > 0, JSON.stringify(server.stats().datagrams));
  await socket.close();
});

test("a second port that is taken is done without, which is logged and told to who asks for it", async () => {
  using place = folder();
  const warnings: unknown[] = [];
  const log: Log = { ...silentLog, warn: (message, fields) => void warnings.push([message, fields]) };
  const { port, taken } = await takenPort();
  await using server = await started(place.path, { port: port + 1 }, log);
  assert.equal(server.ports.stun, undefined);
  assert.deepEqual(warnings, [
    ["no second port for STUN, so clients can't learn what their NAT does", { port, reason: "EADDRINUSE" }],
  ]);
  const socket = await datagrams();
  assert.deepEqual(await answerTo(socket, request, port + 1), [0x0101, port + 1]);
  assert.deepEqual(await answerTo(socket, changing(2), port + 1), [0x0111, port + 1]);
  await Promise.all([socket.close(), taken.close()]);
});

/** A UDP port whose neighbours a server can have: nothing listens on the next one and the third, by TCP or UDP. */
async function takenPort(): Promise<{ readonly port: number; readonly taken: DatagramSocket }> {
  for (;;) {
    const taken = await openUdp({ port: 0, host: LOCAL });
    const port = taken.localPort;
    const free = async (next: number): Promise<void> => {
      const tcp = await listenTcp({ host: LOCAL, port: next, maxConnections: 1 }, () => undefined);
      await tcp.close();
    };
    try {
      for (const next of [port, port + 1, port + 3]) await free(next);
      await openUdp({ port: port + 1, host: LOCAL }).then((udp) => udp.close());
      return { port, taken };
    } catch {
      // Somebody has one of them: others are tried.
      await taken.close();
    }
  }
}
