import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { openDescriptors, openScene, take, takeAll } from "../../test/spliced.ts";
import { callable } from "../libc.ts";
import { canSplice } from "./open-splicer.ts";

const skip = !canSplice();
const dup2: () => (from: number, to: number) => number = callable("int dup2(int from, int to)");

test("when one side ends, the other gets everything and then the end", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(3);
  const data = randomBytes(5_000_000);
  left.end(data);
  assert.ok((await takeAll(right)).equals(data));
  await scene.untilEnded(1);
  assert.deepEqual(scene.ended, [3]);
});

test("the end does not overtake bytes while the other is sending too", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  right.write(Buffer.alloc(40_000_000));
  const data = randomBytes(2_000_000);
  left.end(data);
  assert.ok((await take(right, data.length)).equals(data));
});

test("a side that has ended still gets an answer", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  const answer = randomBytes(3_000_000);
  left.end("question");
  await take(right, 8);
  right.end(answer);
  assert.ok((await takeAll(left)).equals(answer));
  await scene.untilEnded(1);
});

test("a broken connection ends the pair, once", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  left.write("x");
  await take(right, 1);
  right.on("data", () => undefined);
  left.resetAndDestroy();
  await once(right, "close");
  await scene.untilEnded(1);
  const next = await scene.join(0);
  next.right.resetAndDestroy();
  next.left.resetAndDestroy();
  await scene.untilEnded(2);
  assert.deepEqual(scene.ended, [0, 0]);
});

test("bytes under way reach the other after a connection broke", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(0);
  left.write(Buffer.alloc(64_000_000));
  // Nobody reads until the connection is broken: by then a pipe is full.
  let before = -1;
  for (let now = 0; now !== before || now === 0; now = scene.progress[0] as number) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  left.resetAndDestroy();
  await once(left, "close");
  const got = await takeAll(right);
  assert.ok(got.length > before, "what was in the pipe came too");
  assert.equal(got.length, scene.progress[0]);
});

test("a pair that is parted ends at both sides", { skip }, async () => {
  await using scene = await openScene();
  const { left, right } = await scene.join(1);
  left.write("x");
  await take(right, 1);
  left.resume();
  right.resume();
  scene.splicer.part(1);
  scene.splicer.part(1);
  await Promise.all([once(left, "close"), once(right, "close"), scene.untilEnded(1)]);
  await scene.join(1);
  scene.splicer.part(1);
  await scene.untilEnded(2);
  assert.deepEqual(scene.ended, [1, 1]);
});

test("closing ends every pair", { skip }, async () => {
  await using scene = await openScene();
  const all = [await scene.join(0), await scene.join(1)];
  all[0]?.left.write("x");
  await take(all[0]?.right as never, 1);
  for (const { left, right } of all) void [left.resume(), right.resume()];
  const closed = all.flatMap(({ left, right }) => [once(left, "close"), once(right, "close")]);
  await scene.splicer.close();
  await Promise.all(closed);
  assert.deepEqual(scene.ended, [0, 1]);
  assert.deepEqual(scene.failures, []);
  const { left } = await scene.join(5);
  left.resume();
  await Promise.all([scene.untilEnded(3), once(left, "close")]);
});

test("a thread that fails is reported once, after its pairs", { skip }, async () => {
  const before = epolls();
  await using scene = await openScene();
  const { left, right } = await scene.join(4);
  left.resume();
  right.resume();
  // What it waits with becomes something that nobody can wait with; the thread's own event loop opened another later.
  const [epoll] = epolls().filter((fd) => !before.includes(fd));
  dup2()(0, epoll as number);
  scene.splicer.part(7);
  await Promise.all([scene.untilFailed(), once(left, "close"), once(right, "close")]);
  assert.deepEqual(scene.ended, [4]);
  assert.match(String(scene.failures), /epoll_wait/);
  await scene.splicer.close();
  assert.equal(scene.failures.length, 1);
});

test("hundreds of pairs leave no descriptor behind", { skip }, async () => {
  await using scene = await openScene();
  const pass = async (): Promise<void> => {
    for (let i = 0; i < 8; i++) {
      const { left, right } = await scene.join(i);
      left.resume();
      left.write("there");
      await take(right, 5);
      right.resume();
      const closed = Promise.all([once(left, "close"), once(right, "close")]);
      if (i % 3 === 0) left.resetAndDestroy();
      else if (i % 3 === 1) left.end();
      else scene.splicer.part(i);
      await closed;
    }
  };
  await pass();
  await scene.untilEnded(8);
  const before = openDescriptors();
  for (let round = 1; round < 40; round++) {
    await pass();
    await scene.untilEnded(8 * (round + 1));
  }
  assert.ok(openDescriptors() <= before, `${openDescriptors()} instead of ${before}`);
});

/** Descriptors that are waited with, lowest first. */
function epolls(): number[] {
  return readdirSync("/proc/self/fd")
    .map(Number)
    .sort((a, b) => a - b)
    .filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).includes("eventpoll");
      } catch {
        // The one the list was read with.
        return false;
      }
    });
}

test("what a connection brought before it was reset is not lost when it has to wait for an allowance", {
  skip,
}, async () => {
  await using scene = await openScene();
  const left = await scene.dial();
  const right = await scene.dial();
  const data = randomBytes(100_000);
  // Everything has arrived, and its sender has gone: whatever is sent to it now is answered by a reset.
  await new Promise<void>((resolve) => left.peer.end(data, resolve));
  left.peer.destroy();
  const [slot, nothing] = [1, new Uint8Array(0)];
  scene.splicer.join({
    pair: 0,
    first: left.fd,
    second: right.fd,
    toFirst: Buffer.from("ack"),
    toSecond: nothing,
    slots: [slot],
  });
  while ((scene.progress[0] as number) < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  Atomics.store(scene.allowances, slot, 1_000_000);
  assert.ok((await takeAll(right.peer)).equals(data));
  await scene.untilEnded(1);
});
