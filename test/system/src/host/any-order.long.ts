import assert from "node:assert/strict";
import { test } from "node:test";
import { playStories } from "./any-order.ts";

test("in thirty thousand stories of people who knock, nobody gets in who should not", () => {
  assert.ok(playStories(30_000) > 1_000);
});
