import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Allowances, type Slot } from "./allowances.ts";

const MB = 1_000_000;

/** Moves as much as it may in pieces of this size for so long, ms, refilled every 20 ms; bytes. */
function moved(allowances: Allowances, slots: readonly Slot[], piece: number, duration: number, from = 0): number {
  let bytes = 0;
  for (let now = from; now < from + duration; now += 20) {
    allowances.refill(now);
    while (allowances.allow(slots)) {
      allowances.take(slots, piece);
      bytes += piece;
      if (bytes > 1e12) return bytes;
    }
  }
  return bytes;
}

const near = (actual: number, expected: number): boolean => Math.abs(actual / expected - 1) <= 0.05;

test("a rate holds within a twentieth, however large the pieces are", () => {
  for (const rate of [0.1 * MB, 4 * MB, 134 * MB]) {
    for (const piece of [100, 65_536, 1 << 20]) {
      if (piece > rate) continue;
      const allowances = new Allowances(4, 0);
      const slot = allowances.open(rate) as Slot;
      // What is saved up at first is over soon.
      moved(allowances, [slot], piece, 1000);
      const bytes = moved(allowances, [slot], piece, 10_000, 1000);
      assert.ok(near(bytes, rate * 10), `${bytes} of ${rate * 10} in pieces of ${piece}`);
    }
  }
});

test("the narrowest of several limits counts, and none is charged twice", () => {
  const allowances = new Allowances(8, 0);
  const total = allowances.open(10 * MB) as Slot;
  const pairs = [allowances.open(4 * MB) as Slot, allowances.open(4 * MB) as Slot, allowances.open(4 * MB) as Slot];
  let bytes = 0;
  for (let now = 0; now < 10_000; now += 20) {
    allowances.refill(now);
    for (const pair of pairs) {
      if (!allowances.allow([pair, total])) continue;
      allowances.take([pair, total], 65_536);
      bytes += 65_536;
    }
  }
  assert.ok(bytes < 10.5 * MB * 10, `${bytes}`);
  assert.ok(near(moved(allowances, [pairs[0] as Slot, total], 10_000, 5000, 10_000), 4 * MB * 5));
});

test("a rate can be changed while bytes move, and without a limit there is none", () => {
  const allowances = new Allowances(2, 0);
  const slot = allowances.open(Number.POSITIVE_INFINITY) as Slot;
  assert.ok(moved(allowances, [slot], 1 << 20, 2000) > 10_000 * MB);
  allowances.setRate(slot, 4 * MB);
  moved(allowances, [slot], 1000, 1000, 2000);
  assert.ok(near(moved(allowances, [slot], 1000, 5000, 3000), 20 * MB));
});

test("slots come back when they are closed, and there are only so many", () => {
  const allowances = new Allowances(3, 0);
  const slots = [1, 2, 3].map(() => allowances.open(MB));
  assert.equal(new Set(slots).size, 3);
  assert.equal(allowances.open(MB), undefined);
  allowances.close(slots[1] as Slot);
  assert.equal(allowances.open(MB), slots[1]);
});

test("whatever moves and whenever it is refilled, nothing overflows and everything goes on in the end", () => {
  const step = fc.record({ bytes: fc.nat(1 << 24), pause: fc.nat(1_000_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), fc.integer({ min: 1, max: 10_000 * MB }), (steps, rate) => {
      const allowances = new Allowances(1, 0);
      const slot = allowances.open(rate) as Slot;
      let now = 0;
      for (const { bytes, pause } of steps) {
        now += pause;
        allowances.refill(now);
        if (allowances.allow([slot])) allowances.take([slot], bytes);
      }
      allowances.refill(now + 1e12);
      assert.ok(allowances.allow([slot]));
    }),
  );
});
