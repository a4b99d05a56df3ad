import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loginRequest } from "../test/visitor.ts";
import { viewerFacts } from "./viewer-facts.ts";

const nameOf = (myName: string): string => viewerFacts(loginRequest({ myName }), "192.0.2.1").name;

test("an honest viewer is shown as it describes itself", () => {
  const request = loginRequest({ myId: "123456789", myName: "Ada Łukasiewicz 李", myPlatform: "Linux" });
  assert.deepEqual(viewerFacts(request, "192.0.2.1"), {
    ...{ id: "123456789", name: "Ada Łukasiewicz 李", platform: "Linux", address: "192.0.2.1" },
  });
});

test("names of 60 KB become short, whatever they are made of", () => {
  for (const unit of ["x", "李", "😀", "\u202e", "a\u0301", "\n", "<b>"]) {
    const text = unit.repeat(Math.floor(60_000 / unit.length));
    const { id, name, platform } = viewerFacts(loginRequest({ myId: text, myName: text, myPlatform: text }), "");
    for (const shown of [id, name, platform]) assert.ok(shown.length <= 64 && shown.isWellFormed());
  }
});

test("nothing in a name starts a line, turns text around or is invisible", () => {
  for (const [name, shown] of [
    ["Ada\nroot", "Adaroot"],
    ["Ada\r\n\tEve", "AdaEve"],
    ["\u202eevE\u202c", "evE"],
    ["\u2066Ada\u2069\u200f\u061c", "Ada"],
    ["A\u200bd\u200da\ufeff", "Ada"],
    ["Ada\u2028Eve\u2029", "AdaEve"],
    ["\u0000\u001b[31mAda\u0007", "[31mAda"],
    ["\u{e0041}Ada", "Ada"],
    ["", ""],
  ] as const) {
    assert.equal(nameOf(name), shown, JSON.stringify(name));
  }
});

test("whatever a viewer calls itself, what is shown is short, well formed and on one line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const shown = nameOf(text.toWellFormed());
      assert.ok(shown.length <= 64 && shown.isWellFormed());
      assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
