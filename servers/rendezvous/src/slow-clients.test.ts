import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { ask, connected, folder, LOCAL, started } from "../test/running.ts";
import { BEAT_EVERY, DEFAULTS, IDLE_LIMIT } from "./config.ts";

/** An open socket that says only this; `closed` resolves when the other side has had enough. */
async function slow(port: number, bytes: readonly number[]): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect(port, LOCAL);
  socket.on("error", () => undefined);
  socket.on("data", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("connect", resolve));
  if (bytes.length > 0) await new Promise((resolve) => socket.write(Uint8Array.from(bytes), resolve));
  return { socket, closed };
}

/** The server answers somebody who asks properly. */
async function answers(port: number): Promise<void> {
  const link = await connected(port);
  assert.equal((await ask(link, { case: "testNatRequest", value: {} })).case, "testNatResponse");
  await link.close();
}

test("who sends nothing, half a length or half a message is let go of in the end, and harms nobody until then", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using place = folder();
  await using server = await started(place.path);
  const { main, natTest } = server.ports;
  const beginnings = [[], [0x01], [0x28], [0x28, 1, 2, 3]];
  const clients = await Promise.all(beginnings.flatMap((bytes) => [slow(main, bytes), slow(natTest, bytes)]));
  // Whoever connects later is served later: all of them are being waited for by then.
  await answers(main);
  await answers(natTest);
  // Real time goes on as well, and what is left of the limit is counted from it.
  t.mock.timers.tick(IDLE_LIMIT - 2_000);
  await answers(natTest);
  assert.ok(clients.every(({ socket }) => !socket.closed));
  t.mock.timers.tick(IDLE_LIMIT);
  await Promise.all(clients.map(({ closed }) => closed));
  await answers(natTest);
});

test("one byte now and then buys no time: the whole message has to come within the limit", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using place = folder();
  await using server = await started(place.path);
  const { socket, closed } = await slow(server.ports.main, [0xa0]);
  await answers(server.ports.main);
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => socket.write(Uint8Array.of(i), resolve));
    t.mock.timers.tick(IDLE_LIMIT / 3 + 1);
  }
  await closed;
});

test("one address can't take all connections; others of its own are served again when some have gone", async () => {
  using place = folder();
  await using server = await started(place.path);
  const { natTest } = server.ports;
  const many = await Promise.all(Array.from({ length: DEFAULTS.connectionsPerAddress }, () => slow(natTest, [])));
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

test("a device that stays is beaten, and let go of when it no longer answers", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using place = folder();
  await using server = await started(place.path);
  const link = await connected(server.ports.main);
  const value = { id: "123456789", uuid: new Uint8Array(16), pk: new Uint8Array(32) };
  assert.equal((await ask(link, { case: "registerPk", value })).case, "registerPkResponse");
  assert.ok(server.isOnline("123456789"));
  for (let beat = 0; beat < 4; beat++) {
    t.mock.timers.tick(BEAT_EVERY);
    assert.equal((await link.receive())?.length, 0);
  }
  assert.ok(server.isOnline("123456789"));
  await link.close();
  while (server.isOnline("123456789")) await answers(server.ports.natTest);
});
