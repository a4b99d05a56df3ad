import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idFits } from "./id-pattern.ts";

test("an ID fits itself, capitals don't count, and blanks around the pattern neither", () => {
  for (const pattern of ["ada-laptop", "ADA-Laptop", "  ada-laptop ", "\tada-laptop\n"]) {
    assert.ok(idFits("Ada-Laptop", pattern), pattern);
  }
  for (const pattern of ["ada-lapto", "ada-laptop2", "da-laptop", "", " "])
    assert.ok(!idFits("Ada-Laptop", pattern), pattern);
});

test("a star is any run, a question mark one character, and nothing else is special", () => {
  for (const [id, pattern, fits] of [
    ["123456789", "123*", true],
    ["123456789", "*789", true],
    ["123456789", "1*5*9", true],
    ["123456789", "1*5*8", false],
    ["123456789", "?????????", true],
    ["123456789", "????????", false],
    ["123456789", "*", true],
    ["123456789", "**?**", true],
    ["", "*", true],
    ["", "?", false],
    ["", "", true],
    ["a.b", "a?b", true],
    ["aXb", "a.b", false],
    ["a*b", "a*b", true],
    ["a+", "a+", true],
    ["aa", "a+", false],
    ["[ab]", "[ab]", true],
    ["a", "[ab]", false],
    ["a|b", "a|b", true],
    ["$1", "^$1$", false],
  ] as const) {
    assert.equal(idFits(id, pattern), fits, `${id} ${pattern}`);
  }
});

test("of an ID on another server the part before the @ counts as well", () => {
  assert.ok(idFits("123456789@id.example.org", "123456789"));
  assert.ok(idFits("123456789@id.example.org", "*@ID.example.org"));
  assert.ok(idFits("123456789@id.example.org", "12345678?"));
  assert.ok(!idFits("123456789@id.example.org", "id.example.org"));
  assert.ok(!idFits("x@123456789", "123456789"), "what follows it is no ID");
});

test("it says the same as a regular expression made of the pattern", () => {
  const symbols = fc
    .array(fc.constantFrom("a", "b", "?", "*", ".", "\\", "["), { maxLength: 8 })
    .map((all) => all.join(""));
  const ids = fc.array(fc.constantFrom("a", "b", ".", "\\", "["), { maxLength: 10 }).map((all) => all.join(""));
  fc.assert(
    fc.property(ids, symbols, (id, pattern) => {
      const escaped = pattern
        .replace(/[.\\[]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".");
      assert.equal(idFits(id, pattern), new RegExp(`^${escaped}$`).test(id));
    }),
    { numRuns: 2_000 },
  );
});

test("a pattern of many stars is answered, however long the ID", () => {
  // By trying out every way to share the run among the stars, this would not end.
  assert.ok(!idFits("a".repeat(2_000), `${"a*".repeat(200)}b`));
  assert.ok(!idFits("a".repeat(2_000), `${"*a".repeat(200)}*b*`));
  assert.ok(idFits(`${"a".repeat(2_000)}b`, `${"*a".repeat(200)}*b*`));
});
