import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { openScene, take } from "../../test/spliced.ts";
import { canSplice } from "./open-splicer.ts";

const skip = !canSplice();

test("bytes of any number arrive whole and in order, both ways at once", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  let sum = 0;
  for (const size of [1, 2, 1000, 65_536, 262_145, 1_048_577, 16_000_000]) {
    const [there, back] = [randomBytes(size), randomBytes(size + 7)];
    left.write(there);
    right.write(back);
    const [atRight, atLeft] = await Promise.all([take(right, there.length), take(left, back.length)]);
    assert.ok(atRight.equals(there), `${size} bytes there`);
    assert.ok(atLeft.equals(back), `${size} bytes back`);
    sum += there.length + back.length;
  }
  left.end();
  await scene.untilEnded(1);
  assert.equal(scene.progress[0], sum);
});

test("the first bytes come before any that were sent", { skip }, async () => {
  await using scene = await openScene();
  const [toFirst, toSecond] = [randomBytes(384 * 1024), randomBytes(3)];
  const left = await scene.dial();
  const right = await scene.dial();
  left.peer.write("left's own");
  right.peer.write("right's own");
  scene.splicer.join({ pair: 2, first: left.fd, second: right.fd, toFirst, toSecond, slots: [] });
  assert.deepEqual(await take(left.peer, 384 * 1024 + 11), Buffer.concat([toFirst, Buffer.from("right's own")]));
  assert.deepEqual(await take(right.peer, 3 + 10), Buffer.concat([toSecond, Buffer.from("left's own")]));
});

test("first bytes are a copy of the part that was given", { skip }, async () => {
  await using scene = await openScene();
  const buffer = Buffer.from("before it, behind");
  const { left } = await scene.join(0, { toFirst: buffer.subarray(7, 9) });
  buffer.fill(0);
  assert.equal((await take(left, 2)).toString(), "it");
});

test("a pair is not disturbed by another that nobody reads", { skip }, async () => {
  await using scene = await openScene();
  const silent = await scene.join(0);
  const lively = await scene.join(1);
  silent.right.pause();
  silent.left.write(Buffer.alloc(32_000_000));
  for (let i = 0; i < 20; i++) {
    const data = randomBytes(100_000);
    lively.left.write(data);
    assert.ok((await take(lively.right, data.length)).equals(data));
  }
  assert.ok(silent.left.writableLength > 0);
});
