import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { keepMemoryTidy } from "./free-memory.ts";
import { isAvailable } from "./libc.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("memory that a crowd needed goes back to the system", { skip: !isAvailable() }, async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  using _tidy = keepMemoryTidy();
  // Pieces too small to be mapped one by one, and a few of them stay.
  const crowd: (Buffer | undefined)[] = Array.from({ length: 4000 }, () => Buffer.alloc(32 * 1024, 1));
  const during = process.memoryUsage.rss();
  for (let i = 0; i < crowd.length; i++) if (i % 50 !== 0) crowd[i] = undefined;
  collect();
  // What was collected is freed by a thread of its own, some time later.
  let after = during;
  for (let tries = 0; tries < 100 && after > during - 50 * 1024 * 1024; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    t.mock.timers.tick(10_000);
    after = process.memoryUsage.rss();
  }
  assert.ok(crowd.some((piece) => piece !== undefined));
  assert.ok(after <= during - 50 * 1024 * 1024, `${during} before, ${after} after`);
});
