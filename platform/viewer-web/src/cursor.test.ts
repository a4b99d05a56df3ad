import assert from "node:assert/strict";
import { test } from "node:test";
import { straightAlpha } from "./cursor.ts";

test("premultiplied colours lose their alpha", () => {
  const pixels = Uint8Array.of(255, 255, 255, 255, 64, 0, 32, 128, 0, 0, 0, 0);
  assert.deepEqual([...straightAlpha(pixels)], [255, 255, 255, 255, 128, 0, 64, 128, 0, 0, 0, 0]);
});

test("a shape with a colour above its alpha was not premultiplied and stays as it is", () => {
  const pixels = Uint8Array.of(10, 20, 30, 128, 200, 0, 0, 40);
  assert.deepEqual([...straightAlpha(pixels)], [...pixels]);
});
