import assert from "node:assert/strict";
import { test } from "node:test";
import { Knocks } from "./knocks.ts";

test("eight attempts go to one address at a time, and others have room of their own", () => {
  const knocks = new Knocks();
  const ends = Array.from({ length: 8 }, () => knocks.at("192.0.2.1"));
  assert.ok(ends.every((end) => end !== undefined));
  assert.equal(knocks.at("192.0.2.1"), undefined);
  assert.notEqual(knocks.at("192.0.2.2"), undefined);
  ends[0]?.();
  assert.notEqual(knocks.at("192.0.2.1"), undefined);
  assert.equal(knocks.at("192.0.2.1"), undefined);
});
