import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCode } from "./code.ts";

test("codes are taken as people write them", () => {
  for (const text of ["123456", " 123 456 ", "123-456"]) assert.equal(parseCode(text), "123456");
  for (const text of ["abcde-fghjk", "ABCDE FGHJK", "abcdefghjk\n"]) assert.equal(parseCode(text), "abcde-fghjk");
});

test("what is no code does not become one", () => {
  for (const text of ["", "12345", "1234567", "k7m3xz", "abcde-fghj", "abcde-fghjkl", "abcde-fghj!", "١٢٣٤٥٦"]) {
    assert.equal(parseCode(text), undefined, text);
  }
  assert.equal(parseCode("1".repeat(60_000)), undefined);
});
