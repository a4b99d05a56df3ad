import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { keysAskedFor, unknownKeys, type WordTree, wordProblems } from "./word-problems.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const words = (language: string): WordTree => JSON.parse(readFileSync(`${here}words/${language}.json`, "utf8"));

test("what is missing, left over, empty or has other blanks is found, and nothing else", () => {
  const en = { a: "A {{x}}", b: { c: "C", d_one: "{{count}} d", d_other: "{{count}} ds" } };
  const same = {
    a: "{{x}} Ą",
    b: { c: "Ć", d_one: "{{count}}", d_few: "{{count}}", d_many: "{{count}}", d_other: "{{count}}" },
  };
  assert.deepEqual(wordProblems({ en, pl: same }), []);
  assert.deepEqual(wordProblems({ en, pl: { ...same, a: "Ą {{y}}" } }), ["pl a has other blanks than English"]);
  assert.deepEqual(wordProblems({ en, pl: { ...same, a: " " } }), ["pl a is empty"]);
  assert.deepEqual(wordProblems({ en, pl: { ...same, z: "Z" } }), ["pl has z left over"]);
  assert.deepEqual(wordProblems({ en, pl: { b: same.b } }), ["pl lacks a"]);
  assert.deepEqual(wordProblems({ en, pl: { ...same, b: { ...same.b, d_few: "" } } }), ["pl b.d_few is empty"]);
  const { d_many: _, ...fewer } = same.b;
  assert.deepEqual(wordProblems({ en, pl: { ...same, b: fewer } }), ["pl lacks b.d_many"]);
});

test("a word that is asked for and is nowhere is found", () => {
  assert.deepEqual(unknownKeys(['t("b.d", { count })', 't( "b.x")'], { b: { d_one: "D", d_other: "D" } }), ["b.x"]);
});

test("the kit's own words are whole", () => {
  assert.deepEqual(wordProblems({ en: words("en"), pl: words("pl") }), []);
  const sources = globSync(`${here}*.tsx`).map((file) => readFileSync(file, "utf8"));
  assert.ok(keysAskedFor(sources).length >= 5);
  assert.deepEqual(unknownKeys(sources, words("en")), []);
});
