import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { flatWords, keysAskedFor, unknownKeys, type WordTree, wordProblems } from "@pulpit/page-kit/word-problems";

const here = fileURLToPath(new URL(".", import.meta.url));
const words = (language: string): WordTree => JSON.parse(readFileSync(`${here}words/${language}.json`, "utf8"));
const english = words("en");

test("every language says everything English says, with the same blanks, and nothing else", () => {
  assert.deepEqual(wordProblems({ en: english, pl: words("pl") }), []);
});

test("every word a component asks for is there", () => {
  const sources = globSync(`${here}**/*.tsx`).map((file) => readFileSync(file, "utf8"));
  assert.ok(keysAskedFor(sources).length > 40);
  assert.deepEqual(unknownKeys(sources, english), []);
});

test("every way a session can end has a title and a text", () => {
  const source = readFileSync(new URL("../../../core/viewer/src/state.ts", import.meta.url), "utf8");
  const union = /export type EndCode =([\s\S]*?);/.exec(source)?.[1] ?? "";
  const codes = [...union.matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
  assert.ok(codes.length > 10);
  const said = flatWords(english);
  for (const code of codes) {
    assert.ok(said.has(`end.${code}.title`) && said.has(`end.${code}.text`), `${code}`);
  }
});
