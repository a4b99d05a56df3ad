import assert from "node:assert/strict";
import { test } from "node:test";
import { RegisterPkResponse_Result as Result } from "@pulpit/wire";
import { type Behaviour, Crowd, FRAMED, HTTP, roomForConnections } from "./crowd.ts";
import { askForNobody, Device, fetchPage, relay, testNat } from "./legitimate.ts";
import { loudest } from "./log-lines.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { assertPrompt, pause, settled, Times } from "./timing.ts";

const ATTEMPTS = 9;
/** What may be left in memory, MB, and when, ms. */
const MAY_REMAIN = 30;
const REMAINS_FOR = 40_000;

/** What goes on at each port when nobody disturbs. */
function work(
  server: ServerProcess,
  device: Device,
): Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> {
  const { main, natTest, websocket, relay: relayPort, relayWebsocket } = server.ports;
  const host = "127.0.0.1";
  return {
    "RegisterPk, UDP": async (signal) => assert.equal(await device.register(signal), Result.OK),
    "PunchHoleRequest, TCP": (signal) => askForNobody(server, `${host}:${main}`, signal),
    "NAT test, second port": (signal) => testNat(`${host}:${natTest}`, signal),
    "PunchHoleRequest, WebSocket": (signal) => askForNobody(server, `ws://${host}:${websocket}`, signal),
    "a pair at the relay, TCP": (signal) => relay(server, `${host}:${relayPort}`, signal),
    "a pair at the relay, WebSocket": (signal) => relay(server, `ws://${host}:${relayWebsocket}`, signal),
    "a page, HTTP": (signal) => fetchPage(server, signal),
  };
}

/** Everybody who behaves comes by, `attempts` times. */
async function everyday(server: ServerProcess, device: Device, attempts: number): Promise<ReadonlyMap<string, Times>> {
  const times = new Map<string, Times>();
  for (let i = 0; i < attempts; i++) {
    for (const [name, attempt] of Object.entries(work(server, device))) {
      const measured = times.get(name) ?? new Times();
      times.set(name, measured);
      await measured.measure(attempt);
    }
    await pause(500);
  }
  return times;
}

test("thousands of connections that never come to the point hold up nobody and are gone afterwards", async (t) => {
  await using server = await startServer();
  await using device = await Device.at(server, "127.0.0.1");
  const { main, natTest, websocket, relay: relayPort, relayWebsocket, web } = server.ports;
  const framed = [main, natTest, relayPort].map((port) => [port, FRAMED] as const);
  const http = [websocket, relayWebsocket, web].map((port) => [port, HTTP] as const);
  const ports: readonly (readonly [number, readonly Behaviour[]])[] = [...framed, ...http];
  const count = Math.floor(roomForConnections() / ports.length);
  const come = (crowd: Crowd): Promise<unknown> =>
    Promise.all(ports.map(([port, behaviours]) => crowd.join(port, { count, first: 100, perAddress: 20, behaviours })));
  await everyday(server, device, 3);
  {
    // What is compiled, allocated and torn into pieces once is not what a crowd leaves behind: the second one counts.
    await using first = new Crowd();
    await come(first);
  }
  await pause(6000);
  const before = { memory: await server.held(), files: server.descriptors() };

  const crowd = new Crowd();
  const start = performance.now();
  await come(crowd);
  const came = performance.now() - start;
  await pause(1000);
  const during = { memory: server.rss(), files: server.descriptors() };
  const stood = crowd.size;
  const times = await everyday(server, device, ATTEMPTS);
  const stayed = crowd.size;
  await crowd[Symbol.asyncDispose]();
  const files = await settled(server.descriptors, before.files + 5, REMAINS_FOR);
  const untouched = server.rss();
  const memory = await settled(server.held, before.memory + MAY_REMAIN, REMAINS_FOR);

  t.diagnostic(
    `${count * ports.length} connections in ${(came / 1000).toFixed(1)} s, ${stood} stood, ${stayed} at the end`,
  );
  for (const [name, measured] of times) t.diagnostic(`${name}: ${measured}`);
  t.diagnostic(`descriptors: ${before.files} before, ${during.files} during, ${files} after`);
  t.diagnostic(
    `MB: ${before.memory.toFixed(0)} before, ${during.memory.toFixed(0)} during, ${untouched.toFixed(0)} after, ${memory.toFixed(0)} held`,
  );
  assert.equal(server.ended, undefined, server.words());
  assert.ok(stood > 0.9 * count * ports.length, "the crowd was not there");
  for (const [name, measured] of times) assertPrompt(name, measured);
  assert.ok(files <= before.files + 5, `${before.files} descriptors before, ${files} after`);
  assert.ok(memory <= before.memory + MAY_REMAIN, `${before.memory.toFixed(0)} MB before, ${memory.toFixed(0)} after`);
  const [source, lines] = loudest(server.log());
  assert.ok(lines <= 1, `${lines} lines in the log about ${source} within a minute`);
});
