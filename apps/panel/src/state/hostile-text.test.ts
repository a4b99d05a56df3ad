import assert from "node:assert/strict";
import { test } from "node:test";
import { inSentence, plainText } from "./hostile-text.ts";

test("what can't be seen is taken out of a name, so that it can't turn our words around", () => {
  assert.equal(plainText("An\u202Ena\u0000 \u200B\u2066Nowak\uFEFF\n x"), "Anna Nowak x");
  assert.equal(plainText("Zażółć 日本 שלום 😀"), "Zażółć 日本 שלום 😀");
  assert.equal(inSentence("\u2069Anna\u2068"), "\u2068Anna\u2069");
});

test("a long name is cut, between letters and not inside one", () => {
  assert.equal(plainText("😀".repeat(64)), "😀".repeat(64));
  assert.equal(plainText("😀".repeat(500)), `${"😀".repeat(63)}…`);
});
