import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyText, labelText, titleText } from "./harmless-text.ts";

test("markup in a body is shown and not obeyed", () => {
  assert.equal(bodyText('<a href="http://x">Tom & Jerry</a>'), '&lt;a href="http://x"&gt;Tom &amp; Jerry&lt;/a&gt;');
  assert.equal(bodyText("&lt;b&gt;"), "&amp;lt;b&amp;gt;");
});

test("no backslash is left that could be turned into markup later", () => {
  assert.ok(!bodyText("\\074b\\076 C:\\Users\\n").includes("\\"));
});

test("a title has no sign of markup, in whatever way it is read", () => {
  assert.equal(titleText("<b>Tom & Jerry</b>"), "\u2039b\u203aTom \uff06 Jerry\u2039/b\u203a");
});

test("control characters and marks of direction are gone", () => {
  const hostile = "a\0b\x1b[31mc\u202egnp.exe\u2066\u200f\u{e0041}d\u2028e\u0085f";
  for (const text of [bodyText(hostile), titleText(hostile), labelText(hostile)]) {
    assert.equal(text, "a b [31mcgnp.exede f");
  }
  assert.equal(titleText("two\nlines\r\nor\tmore"), "two lines or more");
});

test("a body keeps its lines, but not hundreds of them", () => {
  assert.equal(bodyText("one\n\n\r\ntwo\rthree"), "one\ntwo\nthree");
  assert.equal(bodyText("x\n".repeat(200)).split("\n").length, 8);
});

test("long texts end within their bound, between two characters", () => {
  assert.equal(titleText("\u{1f600}".repeat(500)), `${"\u{1f600}".repeat(99)}\u2026`);
  assert.equal(bodyText("&".repeat(10_000_000)), `${"&amp;".repeat(499)}\u2026`);
  assert.equal(labelText("x".repeat(41)).length, 40);
});

test("halves of characters become a sign that says so", () => {
  assert.equal(titleText("a\ud83db"), "a\ufffdb");
});

test("other scripts are left alone", () => {
  const name = "Zażółć 東京 محمد שלום 👩‍👩‍👧 e\u0301";
  assert.equal(bodyText(name), name);
});
