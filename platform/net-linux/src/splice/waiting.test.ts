import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openScene, take } from "../../test/spliced.ts";
import { callable } from "../libc.ts";
import { canSplice } from "./open-splicer.ts";

const skip = !canSplice();
const MSG_DONTWAIT = 0x40;
const send: () => (fd: number, data: Uint8Array, size: number, flags: number) => number = callable(
  "int64_t send(int fd, const void *data, size_t size, int flags)",
);

/** Until two looks, some time apart, see the same. */
async function settled(value: () => number): Promise<number> {
  for (let before = -1; ; ) {
    await setTimeout(60);
    if (value() === before && before > 0) return before;
    before = value();
  }
}

test("a receiver that does not read makes the sender wait, and gets everything later", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  const data = randomBytes(64_000_000);
  left.write(data);
  const moved = await settled(() => scene.progress[0] as number);
  assert.ok(moved < data.length, `${moved} bytes are on their way to someone who does not read`);
  assert.ok((await take(right, data.length)).equals(data));
});

test("first bytes that don't fit at once are sent when there is room", { skip }, async () => {
  await using scene = await openScene();
  const left = await scene.dial();
  const right = await scene.dial();
  const filling = Buffer.alloc(65_536, "f");
  let filled = 0;
  for (let size = 0; size >= 0; size = send()(right.fd, filling, filling.length, MSG_DONTWAIT)) filled += size;
  const toSecond = randomBytes(100_000);
  left.peer.write("and then this");
  scene.splicer.join({ pair: 0, first: left.fd, second: right.fd, toFirst: new Uint8Array(), toSecond, slots: [] });
  assert.ok((await take(right.peer, filled)).every((byte) => byte === 0x66));
  assert.ok((await take(right.peer, toSecond.length)).equals(toSecond));
  assert.equal((await take(right.peer, 13)).toString(), "and then this");
});

test("nothing moves without an allowance, and exactly as much as is allowed", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0, { slots: [1, 3] });
  const data = randomBytes(300_000);
  left.write(data);
  Atomics.store(scene.allowances, 1, 1_000_000);
  await setTimeout(60);
  assert.equal(scene.progress[0], 0);

  let at = 0;
  for (const size of [1, 999, 100_000]) {
    Atomics.add(scene.allowances, 3, size);
    assert.ok((await take(right, size)).equals(data.subarray(at, at + size)));
    at += size;
    await setTimeout(30);
    assert.equal(scene.progress[0], at);
    assert.equal(Atomics.load(scene.allowances, 3), 0);
    assert.equal(Atomics.load(scene.allowances, 1), 1_000_000 - at);
  }
  Atomics.add(scene.allowances, 3, 1_000_000);
  assert.ok((await take(right, data.length - at)).equals(data.subarray(at)));
});

test("first bytes wait for no allowance but are taken from it", { skip }, async () => {
  await using scene = await openScene();
  const { left } = await scene.join(0, { slots: [0], toFirst: Buffer.alloc(500) });
  await take(left, 500);
  assert.equal(await settled(() => scene.progress[0] as number), 500);
  assert.equal(Atomics.load(scene.allowances, 0), -500);
});

test("pairs that wait for the same allowance take turns", { skip }, async () => {
  await using scene = await openScene();
  const all = [await scene.join(0, { slots: [0] }), await scene.join(1, { slots: [0] })];
  for (const { left } of all) left.write(randomBytes(100_000));
  await setTimeout(60);
  for (let i = 0; i < 4; i++) {
    Atomics.add(scene.allowances, 0, 1000);
    while (Atomics.load(scene.allowances, 0) > 0) await setTimeout(5);
    await setTimeout(30);
  }
  assert.deepEqual([...scene.progress.subarray(0, 2)], [2000, 2000]);
});
