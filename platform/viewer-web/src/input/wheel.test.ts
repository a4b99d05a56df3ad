import assert from "node:assert/strict";
import { test } from "node:test";
import { WheelClicks } from "./wheel.ts";

const LINES = 1;

test("every notch of a mouse wheel is one click, whatever system and zoom make of it; down is negative", () => {
  for (const notch of [53, 96, 100, 120, 133, 180]) {
    const clicks = new WheelClicks();
    for (let i = 0; i < 20; i++)
      assert.deepEqual(clicks.add({ deltaX: 0, deltaY: notch, deltaMode: 0 }), { x: 0, y: -1 });
    assert.deepEqual(clicks.add({ deltaX: notch, deltaY: 0, deltaMode: 0 }), { x: -1, y: 0 });
  }
  assert.deepEqual(new WheelClicks().add({ deltaX: 0, deltaY: -3, deltaMode: LINES }), { x: 0, y: 1 });
});

test("notches that come as one event are as many clicks", () => {
  const clicks = new WheelClicks();
  assert.deepEqual(clicks.add({ deltaX: -240, deltaY: 0, deltaMode: 0 }), { x: 2, y: 0 });
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: -500, deltaMode: 0 }), { x: 0, y: 4 });
  assert.deepEqual(clicks.add({ deltaX: 0, deltaY: 9, deltaMode: LINES }), { x: 0, y: -3 });
});

test("small movements of a touchpad add up, and turning round starts anew", () => {
  const clicks = new WheelClicks();
  const turned = Array.from({ length: 10 }, () => clicks.add({ deltaX: 0, deltaY: 25, deltaMode: 0 }).y);
  assert.equal(turned.filter((y) => y === -1).length, 5);
  assert.equal(turned.filter((y) => y === 0).length, 5);
  clicks.add({ deltaX: 0, deltaY: 40, deltaMode: 0 });
  assert.equal(clicks.add({ deltaX: 0, deltaY: -30, deltaMode: 0 }).y, 0);
  assert.equal(clicks.add({ deltaX: 0, deltaY: -30, deltaMode: 0 }).y, 1);
});
