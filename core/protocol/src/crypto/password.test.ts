import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import { constantTimeEqual, passwordHash, passwordProof, symbolsOf } from "./password.ts";

const crypto = nodeCrypto();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// docs/protocol/session.md, section 3.2.
for (const [password, salt, challenge, hash, proof] of [
  [
    "k7m3xz",
    "abcdefghijkmnpqrstuvwxyz23456789",
    "p4q9ra",
    "9d38a68f8632d34879beafee136b25f1f680a9a80dbd5185f0fdc17f1aa223d5",
    "4df51b10cd2aaf2d80d120d799358cdf51bd30f3901f8106b63bdc9eb98a198e",
  ],
  [
    "Grüße-42",
    "x7Kd2a",
    "22mmzz",
    "28a622700e86cc055e472a831dee9d66a96a4a74b2e9d20923fa9988a92c28c3",
    "6b32a091fcbb777311cc680052148f1b4d946fed9e10ab2d5205c0afdbd6c216",
  ],
] as const) {
  test(`the proof for ${password} is that of the specification`, () => {
    const computed = passwordHash(crypto, password, salt);
    assert.equal(hex(computed), hash);
    assert.equal(hex(passwordProof(crypto, computed, challenge)), proof);
  });
}

test("only equal bytes of equal length are equal", () => {
  assert.ok(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)));
  assert.ok(!constantTimeEqual(new Uint8Array(0), new Uint8Array(32)));
});

test("every symbol of a one-time password comes from exactly 8 byte values", () => {
  const symbols = symbolsOf(Uint8Array.from({ length: 256 }, (_, i) => i));
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  assert.equal(counts.size, 32);
  assert.ok([...counts.values()].every((count) => count === 8));
  assert.ok(!/[01lo]/.test(symbols));
});
