import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Attempts } from "./attempts.ts";
import { attemptsSnapshotIn } from "./attempts-snapshot.ts";
import { addressBytes } from "./network.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 0, 1);
const V4 = "192.0.2.1";

/** What was kept, read again by the next start of the program. */
function restarted(attempts: Attempts): Attempts {
  return new Attempts(attemptsSnapshotIn(JSON.parse(JSON.stringify(attempts.snapshot()))));
}

/** Fails as often as it is looked at, waiting out each pause; the pauses in seconds. */
function pauses(attempts: Attempts, address: string, count: number, start = START): number[] {
  let now = start;
  return Array.from({ length: count }, () => {
    attempts.failed(address, now);
    const wait = attempts.blocked(address, now)?.wait ?? 0;
    now += wait;
    return wait / SECOND;
  });
}

test("three failures are free, then the pauses double from two seconds up to an hour", () => {
  const doubling = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];
  assert.deepEqual(pauses(new Attempts(), V4, 16), [0, 0, ...doubling, 3600, 3600, 3600]);
});

test("one address gets a day's worth of guesses that are counted on the fingers", () => {
  const attempts = new Attempts();
  let looked = 0;
  for (let now = START; now < START + DAY; now += SECOND) {
    if (attempts.blocked(V4, now) !== undefined) continue;
    attempts.failed(V4, now);
    looked += 1;
  }
  // 14 until the pauses are an hour long, then one an hour.
  assert.equal(looked, 36);
});

test("a pause ends with its last millisecond, and says how long it still is", () => {
  const attempts = new Attempts();
  for (let i = 0; i < 3; i++) attempts.failed(V4, START);
  assert.deepEqual(attempts.blocked(V4, START + 500), { wait: 1_500, because: "address" });
  assert.deepEqual(attempts.blocked(V4, START + 1_999), { wait: 1, because: "address" });
  assert.equal(attempts.blocked(V4, START + 2_000), undefined);
});

test("after a quiet day everything is forgiven, and not a moment sooner", () => {
  const attempts = new Attempts();
  pauses(attempts, V4, 10);
  const last = START + (2 + 4 + 8 + 16 + 32 + 64 + 128) * SECOND;
  assert.equal(attempts.blocked(V4, last + DAY), undefined);
  attempts.failed(V4, last + DAY);
  assert.notEqual(attempts.blocked(V4, last + DAY), undefined, "one more, and all of them count");
  assert.equal(attempts.blocked(V4, last + 2 * DAY + 1), undefined);
  assert.deepEqual(pauses(attempts, V4, 3, last + 2 * DAY + 1), [0, 0, 2]);
});

test("a success forgives the address", () => {
  const attempts = new Attempts();
  pauses(attempts, V4, 8);
  attempts.succeeded(V4, START + HOUR);
  assert.deepEqual(pauses(attempts, V4, 3, START + HOUR), [0, 0, 2]);
});

test("what can't be placed is one source, whatever it calls itself", () => {
  const attempts = new Attempts();
  for (const address of ["", "unknown", "999.1.1.1"]) attempts.failed(address, START);
  assert.equal(attempts.blocked("somewhere", START)?.because, "address");
  assert.equal(attempts.blocked(V4, START), undefined);
});

test("IPv4 is the same address in its own form and in that of IPv6", () => {
  const attempts = new Attempts();
  for (const dress of [V4, `::ffff:${V4}`, "::FFFF:c000:201"]) attempts.failed(dress, START);
  assert.equal(attempts.blocked(V4, START)?.because, "address");
});

/** Failures from ever new addresses, one each 20 s so that the strangers' budget lasts, until one is held up. */
function untilBlocked(address: (i: number) => string): readonly [number, unknown] {
  const attempts = new Attempts();
  for (let i = 0; i < 200; i++) {
    const now = START + i * 20 * SECOND;
    const blocked = attempts.blocked(address(i), now);
    if (blocked !== undefined) return [i, blocked.because];
    attempts.failed(address(i), now);
  }
  return [200, undefined];
}

test("neighbours count together: after enough failures a whole block pauses", () => {
  const hex = (i: number): string => (i + 1).toString(16);
  // A pause is longer than 20 s from the fifth failure too many on.
  assert.deepEqual(
    untilBlocked((i) => `2001:db8:1:2::${hex(i)}`),
    [24, 64],
  );
  assert.deepEqual(
    untilBlocked((i) => `2001:db8:1:${hex(i % 200)}::1`),
    [44, 56],
  );
  assert.deepEqual(
    untilBlocked((i) => `2001:db8:1:${hex(i)}00::1`),
    [84, 48],
  );
  assert.deepEqual(
    untilBlocked((i) => `192.0.2.${i + 1}`),
    [44, 24],
  );
  // Nobody answers for other networks.
  assert.deepEqual(
    untilBlocked((i) => `192.0.${i + 1}.1`),
    [200, undefined],
  );
  assert.deepEqual(
    untilBlocked((i) => `2001:db8:${hex(i)}::1`),
    [200, undefined],
  );
});

test("who has logged in before is not held up by a neighbour", () => {
  const attempts = new Attempts();
  attempts.succeeded("2001:db8::1", START);
  for (let i = 2; i < 30; i++) attempts.failed(`2001:db8::${i.toString(16)}`, START);
  assert.equal(attempts.blocked("2001:db8::ff", START)?.because, 64);
  assert.equal(attempts.blocked("2001:db8::1", START), undefined);
  assert.deepEqual(pauses(attempts, "2001:db8::1", 3), [0, 0, 2], "it answers for itself");
});

/** A thousand addresses in as many networks. */
const crowd = Array.from({ length: 1_000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`);

/** How many guesses are looked at when the crowd guesses in turn, as many as are let through, every `every` ms. */
function looked(attempts: Attempts, from: number, to: number, every: number): number {
  let count = 0;
  for (let now = from, turn = 0; now < to; now += every) {
    for (let i = 0; i < crowd.length; i++, turn++) {
      const address = crowd[turn % crowd.length] as string;
      const blocked = attempts.blocked(address, now);
      if (blocked?.because === "strangers") break;
      if (blocked !== undefined) continue;
      attempts.failed(address, now);
      count += 1;
    }
  }
  return count;
}

test("of a thousand addresses that guess at once thirty are looked at, and a friend gets in meanwhile", () => {
  const attempts = new Attempts();
  attempts.succeeded("198.51.100.7", START - DAY);
  assert.equal(looked(attempts, START, START + 1, 1), 30);
  assert.equal(attempts.blocked("203.0.113.5", START)?.because, "strangers", "another stranger has to wait");
  assert.ok((attempts.blocked("203.0.113.5", START)?.wait ?? 0) <= 20 * SECOND);
  assert.equal(attempts.blocked("198.51.100.7", START), undefined);
});

test("a thousand addresses together get no more guesses in a day than the budget gives", () => {
  const attempts = new Attempts();
  assert.equal(looked(attempts, START, START + DAY, 5 * SECOND), 30 + DAY / (20 * SECOND) - 1);
});

test("a restart lifts no pause, neither an address's nor the strangers', and knows the friends", () => {
  const before = new Attempts();
  before.succeeded("198.51.100.7", START - DAY);
  pauses(before, V4, 6);
  looked(before, START, START + 1, 1);
  const after = restarted(before);
  for (const address of [V4, "10.0.0.1", "203.0.113.5", "198.51.100.7"]) {
    assert.deepEqual(after.blocked(address, START + SECOND), before.blocked(address, START + SECOND), address);
  }
  assert.equal(after.blocked("203.0.113.5", START + SECOND)?.because, "strangers");
  assert.deepEqual(after.snapshot(), before.snapshot());
});

test("a clock that is set back a year locks nobody out for longer than an hour, and gives no new guesses", () => {
  const attempts = new Attempts();
  pauses(attempts, V4, 30);
  looked(attempts, START, START + 1, 1);
  for (const set of [attempts, restarted(attempts)]) {
    const past = START - YEAR;
    assert.deepEqual(set.blocked(V4, past), { wait: HOUR, because: "address" });
    assert.deepEqual(set.blocked("203.0.113.5", past), { wait: 20 * SECOND, because: "strangers" });
    assert.equal(set.blocked("203.0.113.5", past + 20 * SECOND), undefined);
    assert.equal(set.blocked(V4, past + HOUR), undefined);
  }
});

test("a clock that is set forward a year forgives, and gives strangers no more than the burst", () => {
  const attempts = new Attempts();
  pauses(attempts, V4, 30);
  looked(attempts, START, START + 1, 1);
  assert.equal(attempts.blocked(V4, START + YEAR), undefined);
  assert.equal(looked(attempts, START + YEAR, START + YEAR + 1, 1), 30);
});

test("what is remembered is bounded, and the latest failures stay", () => {
  const attempts = new Attempts();
  for (let i = 0; i < 9_000; i++)
    attempts.failed(`2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::1`, START);
  for (let i = 0; i < 3; i++) attempts.failed(V4, START);
  for (let i = 0; i < 300; i++) attempts.succeeded(`10.1.${i >> 8}.${i & 255}`, START + i);
  const { failures, known } = attempts.snapshot();
  assert.equal(failures.length, 4_096);
  assert.equal(known.length, 256);
  assert.equal(attempts.blocked(V4, START)?.because, "address");
  assert.equal(attempts.blocked("10.1.1.43", START + 300), undefined);
});

test("each change that has to be kept is told", () => {
  const attempts = new Attempts();
  let told = 0;
  attempts.onChanged = () => {
    told += 1;
  };
  attempts.failed(V4, START);
  attempts.succeeded(V4, START);
  attempts.blocked(V4, START);
  assert.equal(told, 2);
});

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant(V4), fc.string());
const anyStep = fc.record({
  address: anyAddress,
  what: fc.constantFrom("failed", "succeeded", "blocked", "restart"),
  passed: fc.oneof(fc.integer({ min: 0, max: DAY }), fc.integer({ min: -YEAR, max: YEAR })),
});

test("whatever happens, a wait is an hour at most, and who has just come in waits for nobody", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), anyAddress, (steps, address) => {
      let attempts = new Attempts();
      let now = START;
      for (const step of steps) {
        now += step.passed;
        if (step.what === "restart") attempts = restarted(attempts);
        else attempts[step.what](step.address, now);
        const blocked = attempts.blocked(address, now);
        if (blocked !== undefined) assert.ok(blocked.wait > 0 && blocked.wait <= HOUR);
        if (step.what !== "succeeded") continue;
        const { because } = attempts.blocked(step.address, now) ?? {};
        // What can't be placed stays a stranger.
        assert.ok(because === undefined || (because === "strangers" && addressBytes(step.address) === undefined));
      }
    }),
  );
});
