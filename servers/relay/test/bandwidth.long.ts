import assert from "node:assert/strict";
import { test } from "node:test";
import { RELAY_DEFAULTS } from "../src/config.ts";
import { joined, PATHS, pair, started, tcp, websocket } from "./running.ts";

const UNLIMITED = Number.POSITIVE_INFINITY;
const MBIT = (1024 * 1024) / 8;
/** Measured for this long, after what was saved up has been spent, s. */
const SECONDS = 5;

/** Bytes in a second that get through pairs that send as fast as they may. */
async function speed(
  bandwidth: Partial<typeof RELAY_DEFAULTS.bandwidth>,
  options: { dataPath: (typeof PATHS)[number]; pairs: number; open?: typeof tcp },
): Promise<number> {
  const { dataPath, pairs, open = tcp } = options;
  const limits = { ...RELAY_DEFAULTS.bandwidth, total: UNLIMITED, single: UNLIMITED, ...bandwidth };
  await using relay = await started({ dataPath, bandwidth: limits });
  const links = await Promise.all(Array.from({ length: pairs }, (_, i) => pair(relay, `u${i}`, open)));
  let over = false;
  const piece = new Uint8Array(64 * 1024);
  const running = links.flatMap(([a, b]) => [
    (async () => {
      while (!over) await a.send(piece);
    })().catch(() => undefined),
    (async () => {
      while ((await b.receive()) !== undefined);
    })().catch(() => undefined),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [before, start] = [relay.stats().bytes, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  const moved = (relay.stats().bytes - before) / ((performance.now() - start) / 1000);
  over = true;
  await Promise.all(links.flat().map((link) => link.close(new Error("enough"))));
  await Promise.all(running);
  return moved;
}

for (const dataPath of PATHS) {
  for (const [name, bandwidth, pairs, expected] of [
    ["one pair", { single: 80 }, 1, 80],
    ["all together", { total: 160 }, 4, 160],
    ["one address", { perAddress: 120 }, 3, 120],
  ] as const) {
    test(`${dataPath}: the limit of ${name} holds within a twentieth`, async (t) => {
      const moved = await speed(bandwidth, { dataPath, pairs });
      t.diagnostic(`${(moved / MBIT).toFixed(1)} of ${expected} Mbit/s`);
      assert.ok(Math.abs(moved / (expected * MBIT) - 1) <= 0.05, `${moved / MBIT}`);
    });
  }
}

test("WebSocket: the limit of one pair holds within a twentieth", async (t) => {
  const moved = await speed({ single: 80 }, { dataPath: "portable", pairs: 1, open: websocket });
  t.diagnostic(`${(moved / MBIT).toFixed(1)} of 80 Mbit/s`);
  assert.ok(Math.abs(moved / (80 * MBIT) - 1) <= 0.05);
});

test("a long heavy pair is slowed down, a light one is not", async (t) => {
  const bandwidth = { single: 80, limitSpeed: 16, downgradeThreshold: 0.5, downgradeAfter: 0.5 };
  const heavy = await speed(bandwidth, { dataPath: PATHS[0] as "fast", pairs: 1 });
  t.diagnostic(`${(heavy / MBIT).toFixed(1)} of 16 Mbit/s`);
  assert.ok(Math.abs(heavy / (16 * MBIT) - 1) <= 0.1);
  await using relay = await started({ bandwidth: { ...RELAY_DEFAULTS.bandwidth, ...bandwidth } });
  const [a, b] = [await joined(tcp(relay), "light"), await joined(tcp(relay), "light")];
  for (let i = 0; i < 30; i++) {
    await a.send(new Uint8Array(1000));
    await b.receive();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(relay.usage()[0]?.throttled, false);
  await Promise.all([a.close(), b.close()]);
});
