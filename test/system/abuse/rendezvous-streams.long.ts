import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { dial } from "@pulpit/link-node";
import {
  decodeServerMessage,
  decodeSocketAddress,
  encodeFrame,
  encodeServerMessage,
  RegisterPkResponse_Result as Result,
} from "@pulpit/wire";
import { loopbackAddress } from "./addresses.ts";
import { garbage } from "./garbage.ts";
import { askForNobody, call, Device, dialFrom, randomId } from "./legitimate.ts";
import { loudest } from "./log-lines.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { assertPrompt, pause, settled, Times } from "./timing.ts";

const MAY_REMAIN = 30;
const REMAINS_FOR = 30_000;
/** Largest message a server takes, bytes. */
const LARGEST = 64 * 1024;

/** Messages that are small to send and large to build, or deep, or many. */
const BOMBS: Readonly<Record<string, Uint8Array>> = {
  "groups in groups": new Uint8Array(LARGEST).fill(0x0b),
  "30 000 empty names": encodeServerMessage({
    case: "onlineRequest",
    value: { id: "1", peers: Array.from({ length: 30_000 }, () => "") },
  }),
  "10 000 messages in one": Buffer.concat(
    Array.from({ length: 10_000 }, () => encodeServerMessage({ case: "testNatRequest", value: { serial: 1 } })),
  ),
  "a name as long as a message": encodeServerMessage({
    case: "punchHoleRequest",
    value: { id: "x".repeat(LARGEST - 100) },
  }),
  "an offer that is no SDP": encodeServerMessage({
    case: "punchHoleRequest",
    value: { id: "123456789", webrtcSdpOffer: `webrtc://${"A".repeat(LARGEST - 200)}` },
  }),
};

/** Sends this from an address of its own and waits until the server has had enough, or a moment. */
async function throwAt(port: number, index: number, bytes: Uint8Array): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: loopbackAddress(index) });
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "connect").catch(() => undefined);
  socket.write(bytes);
  await Promise.race([new Promise((resolve) => socket.once("close", resolve)), pause(200)]);
  socket.destroy();
}

/** Attacks for a while, and tells how those fared who behave. */
async function under(
  server: ServerProcess,
  attack: (index: number) => Promise<void>,
  rounds: number,
): Promise<readonly [string, Times][]> {
  await using device = await Device.at(server, "127.0.0.1");
  assert.equal(await device.register(), Result.OK);
  const times = { registration: new Times(), introduction: new Times(), question: new Times() };
  let over = false;
  const attacking = (async () => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => attack(round * 50 + i)));
    }
    over = true;
  })();
  for (let i = 0; !over || i < 6; i++) {
    await times.registration.measure(async (signal) => assert.equal(await device.register(signal), Result.OK));
    await times.introduction.measure((signal) => call(server, device, `127.0.2.${1 + (i % 250)}`, signal));
    await times.question.measure((signal) => askForNobody(server, `ws://127.0.0.1:${server.ports.websocket}`, signal));
    await pause(50);
  }
  await attacking;
  return Object.entries(times);
}

test("rubbish and bombs on every stream port hold up nobody, are told once each, and leave nothing behind", async (t) => {
  await using server = await startServer();
  const bombs = Object.values(BOMBS);
  const ports = [server.ports.main, server.ports.natTest];
  const attack = (index: number): Promise<void> => {
    const bytes = index % 2 === 0 ? (bombs[(index >> 1) % bombs.length] as Uint8Array) : garbage();
    const framed = bytes.length <= LARGEST ? encodeFrame(bytes) : Buffer.concat([encodeFrame(bytes)]);
    return throwAt(ports[index % ports.length] as number, index % 300, framed);
  };
  await under(server, attack, 10);
  await pause(2000);
  const before = await server.held();
  const times = await under(server, attack, 80);
  const after = await settled(server.held, before + MAY_REMAIN, REMAINS_FOR);
  for (const [name, measured] of times) t.diagnostic(`${name}: ${measured}`);
  t.diagnostic(`MB: ${before.toFixed(0)} before, ${after.toFixed(0)} held after`);
  assert.equal(server.ended, undefined, server.words());
  for (const [name, measured] of times) assertPrompt(name, measured);
  assert.ok(after <= before + MAY_REMAIN);
  const [source, count] = loudest(server.log());
  assert.ok(count <= 1, `${count} lines about ${source} within a minute`);
});

test("who sends message after message on one connection is cut off, others are answered meanwhile", async (t) => {
  await using server = await startServer();
  const empty = encodeFrame(new Uint8Array(0));
  const flood = Buffer.concat(Array.from({ length: 20_000 }, () => empty));
  const times = await under(server, (index) => throwAt(server.ports.main, index % 200, flood), 20);
  for (const [name, measured] of times) {
    t.diagnostic(`${name}: ${measured}`);
    assertPrompt(name, measured);
  }
  const link = await dial(`127.0.0.1:${server.ports.main}`, { route: "server", signal: AbortSignal.timeout(20_000) });
  let sent = 0;
  for (; sent < 2000; sent++) {
    const ok = await link.send(new Uint8Array(0)).then(
      () => true,
      () => false,
    );
    if (!ok) break;
    if (sent % 100 === 0) await pause(5);
  }
  assert.ok(sent < 2000, "nobody minded two thousand empty messages");
  assert.equal(server.ended, undefined, server.words());
});

test("an answer that was heard and is sent again, or made up by a stranger, reaches no viewer", async () => {
  await using server = await startServer();
  await using device = await Device.at(server, "127.0.0.1");
  assert.equal(await device.register(), Result.OK);
  const signal = AbortSignal.timeout(30_000);
  const viewer = await dialFrom("127.0.3.1", server.ports.main, "server");
  const request = { id: device.id, licenceKey: server.key, forceRelay: true };
  await viewer.send(encodeServerMessage({ case: "punchHoleRequest", value: request }));
  const { socketAddr } = (await device.next("punchHole", signal)).value;
  assert.equal(decodeSocketAddress(socketAddr).host, "127.0.3.1");
  const answer = (uuid: string): Uint8Array =>
    encodeServerMessage({
      case: "relayResponse",
      value: { socketAddr, uuid, version: "1.4.9", union: { case: "id", value: device.id } },
    });
  const say = async (from: string, message: Uint8Array): Promise<void> => {
    const link = await dialFrom(from, server.ports.main, "server");
    await link.send(message);
    await link.receive().catch(() => undefined);
    await link.close();
  };
  // Nobody but the device knows the handle; a thousand guesses of a port are no answer either.
  for (let i = 0; i < 50; i++) {
    const guess = encodeServerMessage({
      case: "relayResponse",
      value: { socketAddr: randomBytes(9), uuid: "guess", version: "1.4.9", union: { case: "id", value: randomId() } },
    });
    await say("127.0.4.1", guess);
  }
  await say("127.0.0.1", answer("first"));
  await say("127.0.0.1", answer("again"));
  const heard = decodeServerMessage((await viewer.receive()) ?? new Uint8Array(0));
  assert.ok(heard.case === "relayResponse" && heard.value.uuid === "first");
  const more = await Promise.race([viewer.receive().then(() => "more"), pause(500)]);
  assert.equal(more, undefined);
  await viewer.close();
});
