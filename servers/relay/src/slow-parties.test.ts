import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { framed, type Link } from "@pulpit/link";
import { silentLog, socketStream } from "@pulpit/link-node";
import { joinRelay } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import { FIRST_MESSAGE_WITHIN, IDLE_LIMIT, MAX_WAITING_PER_ADDRESS } from "./config.ts";
import { startRelay } from "./server.ts";

const HOST = "127.0.0.1";
const RELAY = { port: 0, host: HOST, requiredKey: undefined };

async function opened(port: number): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect(port, HOST);
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, closed };
}

async function party(port: number, uuid: string): Promise<Link> {
  const { socket } = await opened(port);
  const link = framed(socketStream(socket, "relay"), 1024);
  await link.send(encodeServerMessage(joinRelay({ uuid, licenceKey: "" })));
  return link;
}

/** Says this and then nothing. */
async function hesitating(port: number, bytes: readonly number[]): Promise<{ closed: Promise<void> }> {
  const { socket, closed } = await opened(port);
  socket.resume();
  if (bytes.length > 0) await new Promise((resolve) => socket.write(Uint8Array.from(bytes), resolve));
  return { closed };
}

/** Whoever came before this one has been taken in by the relay when it is over. */
async function turnedAway(port: number): Promise<void> {
  const nobody = await party(port, "");
  assert.equal(await nobody.receive(), undefined);
  await nobody.close();
}

/** A pair that has exchanged something. */
async function pair(port: number, uuid: string): Promise<readonly [Link, Link]> {
  const [a, b] = [await party(port, uuid), await party(port, uuid)];
  await exchange(a, b);
  return [a, b];
}

async function exchange(a: Link, b: Link): Promise<void> {
  await Promise.all([a.send(Uint8Array.of(1, 2, 3)), b.send(Uint8Array.of(4))]);
  assert.deepEqual([...((await b.receive()) ?? [])], [1, 2, 3]);
  assert.deepEqual([...((await a.receive()) ?? [])], [4]);
}

test("who never finishes its first message is let go of; a pair goes on", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await using relay = await startRelay(RELAY, { log: silentLog });
  const { main } = relay.ports;
  const [a, b] = await pair(main, "u1");
  const slow = await Promise.all([[], [0x01], [0x28], [0x28, 1, 2, 3]].map((bytes) => hesitating(main, bytes)));
  await turnedAway(main);
  await exchange(a, b);
  // The pair's own clock is not the timers': it has moved something just now.
  t.mock.timers.tick(Math.max(FIRST_MESSAGE_WITHIN, IDLE_LIMIT) + 1);
  await Promise.all(slow.map(({ closed }) => closed));
  await exchange(a, b);
  await Promise.all([a.close(), b.close()]);
});

test("one address may let only so many wait; one more is sent away, and a pair can still meet", async () => {
  await using relay = await startRelay(RELAY, { log: silentLog });
  const { main } = relay.ports;
  const waiting: Link[] = [];
  for (let i = 0; i < MAX_WAITING_PER_ADDRESS - 1; i++) waiting.push(await party(main, `w${i}`));
  const [a, b] = await pair(main, "meets");
  waiting.push(await party(main, "last"));
  await turnedAway(main);
  // Whoever is beyond the number is closed; who is within waits on.
  const beyond = await party(main, "beyond");
  const first = await Promise.race([
    beyond.receive().then((message) => ["beyond", message]),
    ...waiting.map((link) => link.receive().then((message) => ["waiting", message])),
  ]);
  assert.deepEqual(first, ["beyond", undefined]);
  const partner = await party(main, "w0");
  await partner.send(Uint8Array.of(7));
  await exchange(a, b);
  await Promise.all([a, b, partner, beyond, ...waiting].map((link) => link.close()));
});

test("a party that breaks off in the middle of a message ends its partner's connection, and no other", async () => {
  await using relay = await startRelay(RELAY, { log: silentLog });
  const { main } = relay.ports;
  const [c, d] = await pair(main, "others");
  const { socket } = await opened(main);
  await framed(socketStream(socket, "relay"), 1024).send(
    encodeServerMessage(joinRelay({ uuid: "torn", licenceKey: "" })),
  );
  const partner = await party(main, "torn");
  // Announces 10 bytes, brings 2.
  await new Promise((resolve) => socket.write(Uint8Array.of(10 << 2, 1, 2), resolve));
  socket.resetAndDestroy();
  await partner.receive().then(
    (message) => assert.equal(message, undefined),
    (error) => assert.ok(["closed", "reset", "malformed"].includes(error.code), error.code),
  );
  await exchange(c, d);
  await Promise.all([c, d, partner].map((link) => link.close()));
});
