import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openScene } from "../../test/spliced.ts";
import { close } from "../libc.ts";
import { Allowances } from "./allowances.ts";
import { Epoll, openEpoll } from "./epoll.ts";
import { Flows } from "./flows.ts";
import { canSplice } from "./open-splicer.ts";
import { Pairs } from "./pairs.ts";
import { PipePool } from "./pipe-pool.ts";

const skip = !canSplice();
const NOTHING = new Uint8Array();

/** Pairs on the thread of the test, which says what time it is. */
function openPairs(clock: { now: number }) {
  const epollFd = openEpoll();
  const epoll = new Epoll(epollFd);
  const sockets = new Int32Array(2).fill(-1);
  const allowances = new Allowances(new SharedArrayBuffer(4), 1);
  const progress = new Float64Array(1);
  const now = (): number => clock.now;
  const flows = new Flows({ sockets, pipes: new PipePool(new Int32Array(4).fill(-1)), allowances, progress, now });
  const pairs = new Pairs({ epoll, sockets, flows, allowances, progress, now });
  const turn = (): number => {
    const wait = pairs.look(500);
    const count = epoll.wait(0);
    for (let i = 0; i < count; i++) pairs.notice(epoll.number(i), epoll.events(i));
    return wait;
  };
  return { pairs, sockets, progress, turn, [Symbol.dispose]: () => void close()(epollFd) };
}

test("who never takes what is under way is given five seconds after the other has ended", { skip }, async () => {
  await using scene = await openScene();
  const clock = { now: 1000 };
  using own = openPairs(clock);
  const left = await scene.dial();
  const right = await scene.dial();
  own.sockets.set([left.fd, right.fd]);
  own.pairs.join({ type: "join", pair: 0, toFirst: NOTHING, toSecond: NOTHING, slots: [] });
  left.peer.write(Buffer.alloc(64_000_000));
  for (let before = -1; before !== own.progress[0] || before === 0; ) {
    before = own.progress[0] as number;
    for (let i = 0; i < 20; i++) {
      own.turn();
      await setTimeout(2);
    }
  }
  assert.equal(own.turn(), 500);
  left.peer.resetAndDestroy();
  await once(left.peer, "close");
  for (let i = 0; i < 20; i++) {
    own.turn();
    await setTimeout(2);
  }
  clock.now += 4900;
  assert.equal(own.turn(), 100);
  assert.deepEqual(own.pairs.ended, []);
  clock.now += 100;
  own.turn();
  assert.deepEqual(own.pairs.ended, [0]);
  assert.deepEqual([...own.sockets], [-1, -1]);
});

test("a pair that waits for an allowance is looked at every 20 ms, and otherwise nobody is", { skip }, async () => {
  await using scene = await openScene();
  const clock = { now: 1000 };
  using own = openPairs(clock);
  const left = await scene.dial();
  const right = await scene.dial();
  own.sockets.set([left.fd, right.fd]);
  own.pairs.join({ type: "join", pair: 0, toFirst: NOTHING, toSecond: NOTHING, slots: [0] });
  left.peer.write("x");
  own.pairs.look(500);
  own.turn();
  clock.now += 7;
  assert.equal(own.pairs.look(500), 13);
  own.pairs.end(0);
  clock.now += 20;
  own.pairs.look(500);
  assert.equal(own.pairs.look(500), 500);
});
