import assert from "node:assert/strict";
import { test } from "node:test";
import { WheelClicks } from "./wheel.ts";

test("a notch of a mouse wheel is one click, down is negative", () => {
  const clicks = new WheelClicks();
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: 100, deltaMode: 0 }), { x: 0, y: -1 });
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: -3, deltaMode: 1 }), { x: 0, y: 1 });
  assert.deepEqual(clicks.add({ deltaX: -200, deltaY: 0, deltaMode: 0 }), { x: 2, y: 0 });
});

test("small movements of a touchpad add up, and turning round starts anew", () => {
  const clicks = new WheelClicks();
  const total = Array.from({ length: 10 }, () => clicks.add({ deltaX: 0, deltaY: 25, deltaMode: 0 }).y).reduce(
    (a, b) => a + b,
  );
  assert.equal(total, -2);
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: -60, deltaMode: 0 }), { x: 0, y: 0 });
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: -60, deltaMode: 0 }), { x: 0, y: 1 });
});
