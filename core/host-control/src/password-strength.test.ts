import assert from "node:assert/strict";
import { test } from "node:test";
import { strengthOf } from "./password-strength.ts";

test("what everybody tries first is weak, however it is dressed up", () => {
  for (const password of [
    "password",
    "Password1!",
    "hasło1234",
    "qwertyuiop",
    "1234567890",
    "abcdefgh1234",
    "aaaaaaaaaaaaaaaaaaaa",
    "abababababababab",
    "Warszawa2024!",
    "9876543210qwerty",
    "adminadmin",
  ]) {
    assert.equal(strengthOf(password), "weak", password);
  }
});

test("length makes a password strong, with few kinds of characters too", () => {
  assert.equal(strengthOf("tk8vpw3n"), "fair");
  assert.equal(strengthOf("kt8vpw3nx2"), "fair");
  assert.equal(strengthOf("t-K8v!pW3n_z"), "strong");
  assert.equal(strengthOf("rower zielony chmura stolik"), "strong");
});

test("characters are counted as people count them", () => {
  assert.equal(strengthOf("tk8vpw3"), "too-short");
  assert.equal(strengthOf("😀😀😀😀"), "too-short");
  assert.equal(strengthOf(""), "too-short");
});

test("a very long text is judged at once", () => {
  assert.equal(strengthOf("q".repeat(50_000)), "weak");
});
