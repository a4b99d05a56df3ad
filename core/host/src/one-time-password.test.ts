import assert from "node:assert/strict";
import { test } from "node:test";
import type { Random } from "@pulpit/protocol";
import fc from "fast-check";
import { OneTimePassword } from "./one-time-password.ts";

/** Bytes that count up, over all calls. */
function counting(): Random {
  let next = 0;
  return { bytes: (length) => Uint8Array.from({ length }, () => next++ & 255) };
}

test("a one-time password has the wanted length and only symbols that nobody confuses", () => {
  for (const length of [6, 8, 10] as const) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (bytes) => {
        const { value } = new OneTimePassword({ bytes: () => bytes }, length);
        assert.match(value, /^[23456789abcdefghijkmnpqrstuvwxyz]+$/);
        assert.equal(value.length, length);
      }),
    );
  }
});

test("each of the 32 symbols is equally likely", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const { value } = new OneTimePassword({ bytes: (length) => new Uint8Array(length).fill(byte) }, 6);
    const symbol = value.charAt(0);
    counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  assert.deepEqual([counts.size, new Set(counts.values())], [32, new Set([8])]);
});

test("a new value is another one, told to whoever listens until they stop", () => {
  const password = new OneTimePassword(counting(), 6);
  const heard: string[] = [];
  const stop = password.onChanged((value) => heard.push(value));
  const first = password.value;
  password.renew();
  const second = password.value;
  assert.notEqual(second, first);
  stop();
  password.renew();
  assert.notEqual(password.value, second);
  assert.deepEqual(heard, [second]);
});

test("ten misses in a row change it, nine do not", () => {
  const password = new OneTimePassword(counting(), 6);
  const first = password.value;
  for (let i = 0; i < 9; i++) password.missed();
  assert.equal(password.value, first);
  password.missed();
  assert.notEqual(password.value, first);
});

test("a hit, and a new value, start the count anew", () => {
  const password = new OneTimePassword(counting(), 6);
  const nineMisses = (): void => {
    for (let i = 0; i < 9; i++) password.missed();
  };
  const first = password.value;
  nineMisses();
  password.matched();
  nineMisses();
  assert.equal(password.value, first);
  password.renew();
  const second = password.value;
  nineMisses();
  assert.equal(password.value, second);
  password.missed();
  assert.notEqual(password.value, second);
});
