import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf, listOf } from "./list-text.ts";

test("addresses may be pasted with blanks, lines or commas between, each is taken once", () => {
  assert.deepEqual(itemsOf(" 10.0.0.0/8, 192.168.1.1\n::1;10.0.0.0/8 ", "between"), [
    "10.0.0.0/8",
    "192.168.1.1",
    "::1",
  ]);
  assert.deepEqual(itemsOf(" ,; ", "between"), []);
});

test("an ID may be written in groups of three", () => {
  assert.deepEqual(itemsOf("123 456 789, anna-*\n987 654 321", "inside"), ["123456789", "anna-*", "987654321"]);
});

test("a list goes to the host with commas", () => {
  assert.equal(listOf(["a", "b", "a"]), "a,b");
});
