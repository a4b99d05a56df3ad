import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

type Tree = { readonly [key: string]: string | Tree };

const here = fileURLToPath(new URL(".", import.meta.url));
const words = (language: string): Tree => JSON.parse(readFileSync(`${here}words/${language}.json`, "utf8")) as Tree;

function flat(tree: Tree, path = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[path + key, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  );
}

const english = flat(words("en"));
const languages = globSync(`${here}words/*.json`).map((file) => file.slice(`${here}words/`.length, -".json".length));
const placeholders = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
/** Plural forms go by other suffixes in other languages. */
const stem = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, "");

test("every language says everything English says, with the same blanks, and nothing else", () => {
  assert.ok(languages.includes("pl"));
  const stems = new Set([...english.keys()].map(stem));
  for (const language of languages) {
    const own = flat(words(language));
    assert.deepEqual(
      [...stems].filter((key) => ![...own.keys()].map(stem).includes(key)),
      [],
      `missing in ${language}`,
    );
    assert.deepEqual(
      [...own.keys()].filter((key) => !stems.has(stem(key))),
      [],
      `left over in ${language}`,
    );
    for (const [key, text] of own) {
      assert.notEqual(text.trim(), "", `${language} ${key}`);
      const model = english.get(key);
      if (model !== undefined) assert.deepEqual(placeholders(text), placeholders(model), `${language} ${key}`);
    }
  }
});

test("every word a component asks for is there", () => {
  const sources = globSync(`${here}**/*.tsx`).map((file) => readFileSync(file, "utf8"));
  const asked = sources.flatMap((source) => [...source.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map(([, key = ""]) => key));
  assert.ok(asked.length > 40);
  const stems = new Set([...english.keys()].map(stem));
  assert.deepEqual(
    asked.filter((key) => !stems.has(key)),
    [],
  );
});

test("every way a session can end has a title and a text", () => {
  const source = readFileSync(new URL("../../../core/viewer/src/state.ts", import.meta.url), "utf8");
  const union = /export type EndCode =([\s\S]*?);/.exec(source)?.[1] ?? "";
  const codes = [...union.matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
  assert.ok(codes.length > 10);
  for (const code of codes) {
    assert.ok(english.has(`end.${code}.title`) && english.has(`end.${code}.text`), `${code}`);
  }
});
