import assert from "node:assert/strict";
import { once } from "node:events";
import { openSync, readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openDescriptors, openScene, take } from "../../test/spliced.ts";
import { canSplice } from "./open-splicer.ts";

const skip = !canSplice();
const NOTHING = new Uint8Array();

test("an order with descriptors that are no sockets ends its pair only", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  left.write("here");
  await take(right, 4);
  const before = openDescriptors();
  const bad: readonly (() => number)[] = [() => -1, () => 1_000_000, () => openSync("/proc/self/stat", "r")];
  for (const [i, open] of bad.entries()) {
    const { peer, fd } = await scene.dial();
    scene.splicer.join({ pair: 1, first: fd, second: open(), toFirst: Buffer.from("x"), toSecond: NOTHING, slots: [] });
    await Promise.all([once(peer.resume(), "close"), scene.untilEnded(i + 1)]);
  }
  const twice = await scene.dial();
  scene.splicer.join({ pair: 1, first: twice.fd, second: twice.fd, toFirst: NOTHING, toSecond: NOTHING, slots: [] });
  await Promise.all([once(twice.peer.resume(), "close"), scene.untilEnded(4)]);
  assert.deepEqual(scene.ended, [1, 1, 1, 1]);
  assert.equal(openDescriptors(), before);
  left.write("still here");
  assert.equal((await take(right, 10)).toString(), "still here");
});

test("a pair that joins twice ends, and so do the connections that came second", { skip }, async () => {
  await using scene = await openScene();
  const before = await scene.join(0);
  const after = await scene.join(0);
  const all = [before.left, before.right, after.left, after.right];
  await Promise.all([...all.map((peer) => once(peer.resume(), "close")), scene.untilEnded(1)]);
  assert.deepEqual(scene.ended, [0]);
});

test("too many first bytes end the pair", { skip }, async () => {
  await using scene = await openScene();
  const { left } = await scene.join(0, { toSecond: new Uint8Array(384 * 1024 + 1) });
  await Promise.all([once(left.resume(), "close"), scene.untilEnded(1)]);
});

test("a pair or a slot that does not exist is a bug, and keeps no descriptor", { skip }, async () => {
  await using scene = await openScene(2);
  const before = openDescriptors();
  for (const order of [{ pair: 2 }, { pair: -1 }, { slots: [4] }, { slots: [0, 0, 0, 0, 0] }]) {
    await assert.rejects(scene.join(0, order), RangeError);
  }
  // The peers see the end, each in its own time.
  while (openDescriptors() > before + 8) await setTimeout(5);
  assert.deepEqual(scene.ended, []);
});

test("pipes are lent only while bytes are under way, and few are kept", { skip }, async () => {
  const before = openPipes();
  await using scene = await openScene(24);
  const own = openPipes() - before;
  const all = [];
  for (let i = 0; i < 24; i++) all.push(await scene.join(i));
  for (const { left } of all) left.write(Buffer.alloc(16_000_000));
  while (openPipes() - before - own < 48) await setTimeout(5);
  await Promise.all(all.map(({ right }) => take(right, 16_000_000)));
  while (openPipes() - before - own > 32) await setTimeout(5);
  for (const { left, right } of all) {
    left.write("more");
    assert.equal((await take(right, 4)).toString(), "more");
  }
  assert.ok(openPipes() - before - own <= 32);
});

/** Ends of pipes this process has. */
function openPipes(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("pipe:");
    } catch {
      // The one the list was read with.
      return false;
    }
  }).length;
}
