import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelAt, shownSize } from "./fit.ts";

const PICTURE = { width: 1920, height: 1080 };

test("every corner and the middle map onto their exact pixel, at any size and zoom", () => {
  for (const room of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
    { width: 2560, height: 1440 },
  ]) {
    for (const ratio of [1, 1.25, 2]) {
      for (const fit of ["contain", "original"] as const) {
        const size = shownSize(PICTURE, room, fit, ratio);
        const box = { ...size, left: 13.5, top: 7.25 };
        for (const pixel of [
          { x: 0, y: 0 },
          { x: 1919, y: 0 },
          { x: 0, y: 1079 },
          { x: 1919, y: 1079 },
          { x: 960, y: 540 },
          { x: 7, y: 1001 },
        ]) {
          const middle = {
            x: box.left + ((pixel.x + 0.5) * size.width) / PICTURE.width,
            y: box.top + ((pixel.y + 0.5) * size.height) / PICTURE.height,
          };
          assert.deepEqual(pixelAt(middle, box, PICTURE), pixel);
        }
      }
    }
  }
});

test("a picture that is shown whole keeps its shape and fills one direction", () => {
  const shown = shownSize(PICTURE, { width: 1000, height: 1000 }, "contain", 1);
  assert.ok(Math.abs(shown.width - 1000) < 1e-9);
  assert.ok(Math.abs(shown.height - 562.5) < 1e-9);
});

test("a point outside lands on the edge, and there is none while nothing is shown", () => {
  const box = { left: 0, top: 0, width: 192, height: 108 };
  assert.deepEqual(pixelAt({ x: -50, y: 500 }, box, PICTURE), { x: 0, y: 1079 });
  assert.equal(pixelAt({ x: 1, y: 1 }, { ...box, width: 0 }, PICTURE), undefined);
});
