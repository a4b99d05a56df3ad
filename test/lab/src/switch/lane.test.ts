import assert from "node:assert/strict";
import { test } from "node:test";
import { changedLine, LINE_NUMBERS, type Line, PERFECT, writeLine } from "../line.ts";
import { Lane } from "./lane.ts";

/** A lane over a line, and what changes the line. */
function laneOf(line: Partial<Line>, chance: () => number = () => 0.5): { lane: Lane; numbers: Float64Array } {
  const numbers = new Float64Array(LINE_NUMBERS);
  writeLine(numbers, 0, changedLine(PERFECT, line));
  return { lane: new Lane(numbers, chance), numbers };
}

test("a perfect lane gives what it takes at once, in order", () => {
  const { lane } = laneOf({});
  lane.offer(7, 1500, 10);
  lane.offer(8, 1500, 10);
  assert.deepEqual([lane.take(10), lane.take(10), lane.take(10)], [7, 8, -1]);
});

test("delay keeps a frame so long and no longer", () => {
  const { lane } = laneOf({ delay: 25 });
  lane.offer(1, 100, 10);
  assert.equal(lane.nextArrival(), 35);
  assert.equal(lane.take(34.9), -1);
  assert.equal(lane.take(35), 1);
});

test("jitter adds up to its own, and nothing overtakes", () => {
  const chances = [0.9, 0.1];
  const { lane } = laneOf({ delay: 10, jitter: 10 }, () => chances.shift() ?? 0);
  lane.offer(1, 100, 0);
  lane.offer(2, 100, 1);
  assert.equal(lane.nextArrival(), 19);
  assert.deepEqual([lane.take(19), lane.take(19)], [1, 2]);
});

test("a rate sends one frame after the other", () => {
  const { lane } = laneOf({ rate: 12 });
  // 1500 bytes at 12 Mbit/s are one millisecond.
  lane.offer(1, 1500, 0);
  lane.offer(2, 1500, 0);
  assert.deepEqual([lane.take(0.9), lane.take(1), lane.take(1.9), lane.take(2)], [-1, 1, -1, 2]);
});

test("what does not fit in the queue is dropped, and fits again when some has been sent", () => {
  const { lane } = laneOf({ rate: 12, queue: 3000 });
  assert.deepEqual(
    [1, 2, 3].map((frame) => lane.offer(frame, 1500, 0)),
    ["taken", "taken", "full"],
  );
  assert.equal(lane.offer(4, 1500, 1), "taken");
});

test("as many frames are lost as chance and the line say", () => {
  const chances = [0.049, 0.051];
  const { lane } = laneOf({ loss: 5 }, () => chances.shift() ?? 0.5);
  assert.equal(lane.offer(1, 100, 0), "lost");
  assert.equal(lane.offer(2, 100, 0), "taken");
});

test("a line that changes changes what comes next", () => {
  const { lane, numbers } = laneOf({});
  writeLine(numbers, 0, changedLine(PERFECT, { delay: 5 }));
  lane.offer(1, 100, 0);
  assert.equal(lane.nextArrival(), 5);
});

test("numbers that make no sense are refused", () => {
  for (const change of [{ loss: 101 }, { delay: -1 }, { rate: Number.NaN }, { queue: Number.POSITIVE_INFINITY }])
    assert.throws(() => changedLine(PERFECT, change), RangeError);
});
