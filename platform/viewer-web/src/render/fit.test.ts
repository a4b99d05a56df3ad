import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelAt, shownBox } from "./fit.ts";

const PICTURE = { width: 1920, height: 1080 };
const ROOMS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 2560, height: 1440 },
];

test("every corner and the middle map onto their exact pixel, at any size and zoom", () => {
  for (const room of ROOMS) {
    for (const ratio of [1, 1.25, 2]) {
      for (const fit of ["contain", "original"] as const) {
        for (const zoom of [1, 3.7]) {
          const shown = shownBox(PICTURE, room, fit, ratio, zoom);
          const box = { ...shown, left: shown.left + 13.5, top: shown.top - 700.25 };
          for (const x of [0, 7, 960, 1919]) {
            for (const y of [0, 540, 1001, 1079]) {
              const middle = {
                x: box.left + ((x + 0.5) * box.width) / PICTURE.width,
                y: box.top + ((y + 0.5) * box.height) / PICTURE.height,
              };
              assert.deepEqual(pixelAt(middle, box, PICTURE), { x, y });
            }
          }
        }
      }
    }
  }
});

test("a picture that is shown whole keeps its shape, fills one direction and is in the middle of the other", () => {
  const shown = shownBox(PICTURE, { width: 1000, height: 1000 }, "contain", 1);
  assert.ok(Math.abs(shown.width - 1000) < 1e-9);
  assert.ok(Math.abs(shown.height - 562.5) < 1e-9);
  assert.equal(shown.left, 0);
  assert.equal(shown.top, 218);
});

test("a picture shown pixel for pixel begins on a device pixel, and at the edge when it is larger than its room", () => {
  for (const ratio of [1, 1.25, 1.5, 2]) {
    for (const room of [...ROOMS, { width: 3001, height: 1501 }]) {
      const { left, top, width, height } = shownBox(PICTURE, room, "original", ratio);
      for (const edge of [left, top, width, height]) {
        assert.ok(Math.abs(edge * ratio - Math.round(edge * ratio)) < 1e-6, `${edge} at ${ratio}`);
      }
      assert.equal(left > 0, room.width > width + 1);
      assert.equal(top > 0, room.height > height + 1);
    }
  }
});

test("a point outside lands on the edge, and there is none while nothing is shown", () => {
  const box = { left: 0, top: 0, width: 192, height: 108 };
  assert.deepEqual(pixelAt({ x: -50, y: 500 }, box, PICTURE), { x: 0, y: 1079 });
  assert.equal(pixelAt({ x: 1, y: 1 }, { ...box, width: 0 }, PICTURE), undefined);
  assert.equal(shownBox({ width: 0, height: 0 }, { width: 5, height: 5 }, "contain", 1).width, 0);
});
