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

/** The members of a union of texts, as its source has them. */
function membersOf(file: string, union: string): readonly string[] {
  const source = readFileSync(new URL(`../../../core/${file}`, import.meta.url), "utf8");
  const body = new RegExp(`export type ${union} =([\\s\\S]*?);`).exec(source)?.[1] ?? "";
  return [...body.replaceAll(/\/\*\*.*\*\/|\/\/.*/g, "").matchAll(/"([\w-]+)"/g)].map(([, code = ""]) => code);
}

test("every way a session can end has a title and a text", () => {
  const codes = membersOf("viewer/src/state.ts", "EndCode");
  assert.ok(codes.length > 10);
  const said = flatWords(english);
  for (const code of codes) {
    assert.ok(said.has(`end.${code}.title`) && said.has(`end.${code}.text`), `${code}`);
  }
});

test("every way to a computer, what became of it, and everything that can be wrong with an ID has its words", () => {
  const said = flatWords(english);
  for (const [file, union, section] of [
    ["viewer/src/state.ts", "WayName", "way"],
    ["viewer/src/state.ts", "WayOutcome", "ways"],
    ["viewer/src/state.ts", "WayFailure", "wayFailure"],
    ["protocol/src/target/target.ts", "TargetProblem", "target"],
  ] as const) {
    const codes = membersOf(file, union);
    assert.ok(codes.length >= 6, union);
    for (const code of codes) assert.ok(said.has(`${section}.${code}`), `${section}.${code}`);
  }
  for (const problem of ["other-server", "direct-address"]) assert.ok(said.has(`target.${problem}`), problem);
});
