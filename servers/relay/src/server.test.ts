import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { Link } from "@pulpit/link";
import { dial, silentLog } from "@pulpit/link-node";
import { joinRelay } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import { type RelayServer, startRelay } from "./server.ts";

const HOST = "127.0.0.1";
const LARGE = 32 * 1024 * 1024;
const signal = AbortSignal.timeout(60_000);

const started = (): Promise<RelayServer> => startRelay({ port: 0, host: HOST, requiredKey: "key" }, { log: silentLog });
const tcp = (relay: RelayServer): Promise<Link> => dial(`${HOST}:${relay.ports.main}`, { route: "relay", signal });
const websocket = (relay: RelayServer): Promise<Link> =>
  dial(`ws://${HOST}:${relay.ports.websocket}`, { route: "relay", signal });

async function joined(open: Promise<Link>, uuid: string, licenceKey = "key"): Promise<Link> {
  const link = await open;
  link.limit(LARGE);
  await link.send(encodeServerMessage(joinRelay({ uuid, licenceKey })));
  return link;
}

const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255);
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

for (const [first, second, name] of [
  [tcp, tcp, "TCP and TCP"],
  [tcp, websocket, "TCP and WebSocket"],
  [websocket, tcp, "WebSocket and TCP"],
  [websocket, websocket, "WebSocket and WebSocket"],
] as const) {
  test(`${name}: messages of every size arrive whole and in order, both ways, and the end of one is the end of both`, async () => {
    await using relay = await started();
    const a = await joined(first(relay), "u1");
    const b = await joined(second(relay), "u1");
    const sizes = [1, 63, 64, 16_383, 16_384, 100_000, 4_194_303, 4_194_304, 2];
    const sending = (async () => {
      for (const [i, size] of sizes.entries()) await a.send(pattern(size, i));
    })();
    for (const [i, size] of sizes.entries()) assert.ok(same(await b.receive(), pattern(size, i)), `${size} bytes`);
    await sending;
    await b.send(pattern(70_000, 9));
    assert.ok(same(await a.receive(), pattern(70_000, 9)));
    await a.close();
    assert.equal(await b.receive(), undefined);
    await b.close();
  });
}

test("a third arrival does not disturb a pair, and a stranger without the key never waits", async () => {
  await using relay = await started();
  const a = await joined(tcp(relay), "u2");
  const b = await joined(websocket(relay), "u2");
  await a.send(pattern(100, 1));
  assert.ok(same(await b.receive(), pattern(100, 1)));
  const third = await joined(tcp(relay), "u2");
  const stranger = await joined(tcp(relay), "u2", "wrong");
  assert.equal(await stranger.receive(), undefined);
  await b.send(pattern(100, 2));
  assert.ok(same(await a.receive(), pattern(100, 2)));
  await Promise.all([a, b, third].map((link) => link.close()));
});

test("rubbish, half frames and huge announcements end their own connection only", async () => {
  await using relay = await started();
  for (const bytes of [[0x0c, 1, 2, 3], [0xff, 0xff, 0xff, 0xff], [0x04], [0xfc, 0], Array<number>(5000).fill(0x41)]) {
    await new Promise<void>((resolve) => {
      const socket = connect(relay.ports.main, HOST, () => {
        socket.end(Uint8Array.from(bytes));
      });
      socket.on("data", () => undefined);
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
    });
  }
  const a = await joined(tcp(relay), "u3");
  const b = await joined(tcp(relay), "u3");
  await a.send(pattern(10, 3));
  assert.ok(same(await b.receive(), pattern(10, 3)));
  await Promise.all([a.close(), b.close()]);
});

test("a stop parts every pair, sends the waiting away and frees the ports", async () => {
  const relay = await started();
  const a = await joined(tcp(relay), "u4");
  const b = await joined(websocket(relay), "u4");
  const lonely = await joined(tcp(relay), "u5");
  const { main } = relay.ports;
  await a.send(pattern(10, 3));
  await b.receive();
  await relay[Symbol.asyncDispose]();
  for (const link of [a, b, lonely]) assert.equal(await link.receive().catch(() => undefined), undefined);
  await using again = await startRelay({ port: main, host: HOST, requiredKey: "key" }, { log: silentLog });
  assert.equal(again.ports.main, main);
});
