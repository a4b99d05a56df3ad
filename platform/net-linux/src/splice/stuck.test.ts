import assert from "node:assert/strict";
import { test } from "node:test";
import { openScene, take } from "../../test/spliced.ts";
import { Allowances } from "./allowances.ts";
import { Flows } from "./flows.ts";
import { canSplice } from "./open-splicer.ts";
import { MAX_PIPES, PipePool } from "./pipe-pool.ts";

const skip = !canSplice();

test("there are only so many pipes, and one that comes back is lent again", { skip }, () => {
  const pool = new PipePool(new Int32Array(2 * (MAX_PIPES + 2)).fill(-1));
  const lent = Array.from({ length: MAX_PIPES }, () => pool.lend());
  assert.ok(lent.every((pipe) => pipe !== undefined));
  assert.equal(pool.wasWanting, false);
  assert.equal(pool.lend(), undefined);
  assert.deepEqual([pool.wasWanting, pool.wasWanting], [true, false]);
  pool.giveBack(lent[0] as number, "nothing");
  assert.equal(pool.lend(), lent[0]);
  for (const pipe of lent) pool.giveBack(pipe as number, "bytes");
});

test("when pipes run out, who has taken nothing for longest is named, and nobody who took something lately", {
  skip,
}, async () => {
  await using scene = await openScene();
  const clock = { now: 10_000 };
  const [left, right] = [await scene.dial(), await scene.dial()];
  const sockets = Int32Array.of(left.fd, right.fd);
  const pipes = new PipePool(new Int32Array(2 * (MAX_PIPES + 2)).fill(-1));
  const allowances = new Allowances(new SharedArrayBuffer(4), 1);
  const flows = new Flows({ sockets, pipes, allowances, progress: new Float64Array(1), now: () => clock.now });
  left.peer.write(Buffer.alloc(64_000_000));
  // Until the target is full and the pipe holds something.
  for (let i = 0; i < 200 && !flows.isUnderWay(0); i++) {
    flows.move(0, "readable");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.ok(flows.isUnderWay(0));
  assert.equal(flows.stuck(), undefined, "nobody waits for a pipe");
  const others = Array.from({ length: MAX_PIPES - 1 }, () => pipes.lend());
  assert.equal(pipes.lend(), undefined);
  clock.now += 1_900;
  assert.equal(flows.stuck(), undefined, "it took something lately");
  assert.equal(pipes.lend(), undefined);
  clock.now += 200;
  assert.equal(flows.stuck(), 0);
  await take(right.peer, 1_000_000);
  flows.drop(0);
  for (const pipe of others) pipes.giveBack(pipe as number, "nothing");
});
