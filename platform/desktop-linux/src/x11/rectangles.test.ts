import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rect } from "@pulpit/host";
import fc from "fast-check";
import { bandsOf } from "./bands.ts";
import { clipped, merged } from "./rectangles.ts";

const side = fc.integer({ min: 1, max: 300 });
const place = fc.integer({ min: -200, max: 2000 });
const rect: fc.Arbitrary<Rect> = fc.record({ x: place, y: place, width: side, height: side });

const covers = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

test("rectangles are cut to the monitor and told from its corner", () => {
  const area = { x: 10, y: 20, width: 100, height: 100 };
  assert.deepEqual(clipped([{ x: 0, y: 0, width: 10, height: 50 }], area), []);
  assert.deepEqual(clipped([{ x: 0, y: 0, width: 20, height: 30 }], area), [{ x: 0, y: 0, width: 10, height: 10 }]);
  fc.assert(
    fc.property(fc.array(rect), (rects) => {
      const whole = { x: 0, y: 0, width: area.width, height: area.height };
      for (const inside of clipped(rects, area)) assert.ok(covers(whole, inside));
    }),
  );
});

test("merging leaves nothing out and gives at most 64 rectangles", () => {
  fc.assert(
    fc.property(fc.array(rect, { maxLength: 200 }), (rects) => {
      const list = merged(rects);
      assert.ok(list.length <= 64);
      for (const one of rects) assert.ok(list.some((outer) => covers(outer, one)));
    }),
  );
});

test("a region of very many rectangles is still left with at most 64 that cover it", () => {
  const rects = Array.from({ length: 5000 }, (_, i) => ({ x: (i * 37) % 1900, y: i % 1000, width: 3, height: 2 }));
  const list = merged(rects);
  assert.ok(list.length <= 64);
  for (const one of rects) assert.ok(list.some((outer) => covers(outer, one)));
});

test("two boxes at opposite ends are not joined over what lies between", () => {
  const two = [
    { x: 0, y: 0, width: 100, height: 100 },
    { x: 1800, y: 900, width: 100, height: 100 },
  ];
  assert.deepEqual(merged(two), two);
});

test("close rows are read together, and every row of every rectangle is read", () => {
  const rects = [0, 20, 400].map((y) => ({ x: 0, y, width: 10, height: 10 }));
  assert.deepEqual(bandsOf(rects), [
    { y: 0, height: 30 },
    { y: 400, height: 10 },
  ]);
  fc.assert(
    fc.property(fc.array(rect), (many) => {
      const bands = bandsOf(many);
      for (const { y, height } of many) {
        assert.ok(bands.some((band) => band.y <= y && band.y + band.height >= y + height));
      }
    }),
  );
});
