import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CHECKS, OUTCOMES, summaryOf, type Verdicts } from "./outcomes.ts";

const { check: words } = JSON.parse(readFileSync(new URL("../words/en.json", import.meta.url), "utf8"));

test("everything a check can come to has its text, and whatever is not good says what to do about it", () => {
  const expected = Object.entries(OUTCOMES).map(([outcome, level]) => [
    outcome,
    level === "good" ? ["text"] : ["text", "do"],
  ]);
  assert.deepEqual(
    Object.fromEntries(Object.entries(words.is).map(([outcome, said]) => [outcome, Object.keys(said as object)])),
    Object.fromEntries(expected),
  );
  assert.deepEqual(Object.keys(words.name), [...CHECKS]);
});

test("all of it is as good as its worst part, and what is bad is said before the rest is known", () => {
  const good: Verdicts = Object.fromEntries(CHECKS.map((name) => [name, { outcome: "answers" }]));
  assert.equal(summaryOf({}), "running");
  assert.equal(summaryOf(good), "good");
  assert.equal(summaryOf({ ...good, ipv6: { outcome: "ipv6-untold" } }), "good");
  assert.equal(summaryOf({ ...good, nat: { outcome: "nat-changing" } }), "warning");
  assert.equal(summaryOf({ relay: { outcome: "relay-refused" }, nat: { outcome: "nat-changing" } }), "bad");
});
