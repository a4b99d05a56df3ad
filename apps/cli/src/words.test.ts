import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { languageOf, say } from "./words.ts";

const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./words/${language}.json`, import.meta.url), "utf8"));
const holes = (text: string): string[] => [...text.matchAll(/\{\{\w+\}\}/g)].map(([hole]) => hole).toSorted();

test("both languages have the same sentences with the same holes", () => {
  const [en, pl] = [read("en"), read("pl")];
  assert.deepEqual(Object.keys(pl), Object.keys(en));
  for (const [name, text] of Object.entries(en)) assert.deepEqual(holes(pl[name] as string), holes(text), name);
});

test("a sentence is filled in, in the language asked for", () => {
  assert.equal(say("en", "joined.title", { name: "Eve" }), "Eve is on this computer now");
  assert.equal(say("pl", "joined.title", { name: "{{id}}" }), "{{id}} jest teraz na tym komputerze");
  assert.deepEqual(["pl_PL.UTF-8", "de_DE", ""].map(languageOf), ["pl", "en", "en"]);
});
