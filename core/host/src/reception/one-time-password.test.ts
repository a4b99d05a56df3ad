import assert from "node:assert/strict";
import { test } from "node:test";
import type { Random } from "@pulpit/protocol";
import fc from "fast-check";
import { type OneTimeForm, OneTimePassword } from "./one-time-password.ts";

/** Bytes that count up, over all calls. */
function counting(): Random {
  let next = 0;
  return { bytes: (length) => Uint8Array.from({ length }, () => next++ & 255) };
}

const form =
  (length: OneTimeForm["length"], digits = false) =>
  (): OneTimeForm => ({ length, digits });

test("a one-time password has the wanted length and only symbols that nobody confuses", () => {
  for (const length of [6, 8, 10] as const) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (bytes) => {
        const { value } = new OneTimePassword({ bytes: () => bytes }, form(length));
        assert.match(value, /^[23456789abcdefghijkmnpqrstuvwxyz]+$/);
        assert.equal(value.length, length);
      }),
    );
  }
});

test("each of the 32 symbols is equally likely", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const { value } = new OneTimePassword({ bytes: (length) => new Uint8Array(length).fill(byte) }, form(6));
    const symbol = value.charAt(0);
    counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  assert.deepEqual([counts.size, new Set(counts.values())], [32, new Set([8])]);
});

test("a new value is another one, told to whoever listens until they stop", () => {
  const password = new OneTimePassword(counting(), form(6));
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

test("digits alone are wanted by some, and each is equally likely", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 250; byte++) {
    const { value } = new OneTimePassword({ bytes: (length) => new Uint8Array(length).fill(byte) }, form(6, true));
    counts.set(value.charAt(0), (counts.get(value.charAt(0)) ?? 0) + 1);
  }
  assert.deepEqual([counts.size, new Set(counts.values())], [10, new Set([25])]);
  // Bytes from 250 on would make some digits likelier: others are asked for.
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (stream) => {
      const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => stream.next().value as number);
      assert.match(new OneTimePassword({ bytes }, form(10, true)).value, /^\d{10}$/);
    }),
  );
});

/** Misses until the value changes, at most `limit`. */
function bears(password: OneTimePassword, limit: number): number {
  let changed = false;
  const stop = password.onChanged(() => {
    changed = true;
  });
  let misses = 0;
  while (!changed && misses < limit) {
    password.missed();
    misses += 1;
  }
  stop();
  return changed ? misses : Number.POSITIVE_INFINITY;
}

test("a value wears out before strangers could guess it with a chance of one in a million, and not sooner", () => {
  for (const [length, digits, misses] of [
    [6, true, 10],
    [8, true, 100],
    [10, true, 10_000],
    [6, false, 1_073],
    [8, false, 1_099_511],
  ] as const) {
    assert.equal(bears(new OneTimePassword(counting(), form(length, digits)), 2_000_000), misses, `${length}`);
  }
});

test("a value of eight symbols can't be changed by a few wrong guesses, so nobody is kept out by them", () => {
  assert.equal(bears(new OneTimePassword(counting(), form(8)), 10_000), Number.POSITIVE_INFINITY);
});

test("a new value starts the count anew, and takes the form that is wanted by then", () => {
  let wanted = form(6, true)();
  const password = new OneTimePassword(counting(), () => wanted);
  for (let i = 0; i < 9; i++) password.missed();
  password.renew();
  assert.equal(bears(password, 100), 10);
  wanted = form(8)();
  assert.match(password.value, /^\d{6}$/, "the one that was read out still holds");
  password.renew();
  assert.equal(password.value.length, 8);
  assert.equal(bears(password, 100), Number.POSITIVE_INFINITY);
});
