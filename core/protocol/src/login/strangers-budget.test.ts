import assert from "node:assert/strict";
import { test } from "node:test";
import { StrangersBudget } from "./strangers-budget.ts";

const START = Date.UTC(2026, 0, 1);
const REFILL = 20_000;

/** Attempts that go through now. */
function spent(budget: StrangersBudget, now: number): number {
  let count = 0;
  for (; budget.wait(now) === 0 && count < 1_000; count++) budget.spend(now);
  return count;
}

test("thirty go through at once, then one each twenty seconds, and a quiet time fills up to thirty again", () => {
  const budget = new StrangersBudget([]);
  assert.equal(spent(budget, START), 30);
  assert.equal(budget.wait(START), REFILL);
  assert.equal(budget.wait(START + REFILL - 1), 1);
  assert.equal(spent(budget, START + REFILL), 1);
  assert.equal(spent(budget, START + 4 * REFILL), 3);
  assert.equal(spent(budget, START + 365 * 86_400_000), 30);
});

test("asking how long to wait, however often, neither costs nor gives anything", () => {
  const budget = new StrangersBudget([]);
  spent(budget, START);
  for (let now = START; now < START + REFILL; now += 7) assert.ok(budget.wait(now) > 0);
  assert.equal(spent(budget, START + REFILL + 1), 1);
});

test("a clock that is set back fills nothing, and counts from there", () => {
  const budget = new StrangersBudget([]);
  spent(budget, START);
  assert.equal(spent(budget, START - 365 * 86_400_000), 0);
  assert.equal(spent(budget, START - 365 * 86_400_000 + REFILL), 1);
});

test("who was welcomed is known in every dress, and forgotten when 256 others came after", () => {
  const budget = new StrangersBudget([]);
  budget.welcome("192.0.2.1", START);
  assert.ok(budget.knows("::ffff:192.0.2.1"));
  assert.ok(!budget.knows("192.0.2.2"));
  for (let i = 0; i < 255; i++) budget.welcome(`10.0.0.${i}`, START);
  budget.welcome("192.0.2.1", START);
  budget.welcome("10.0.1.1", START);
  assert.ok(budget.knows("192.0.2.1"), "it came again");
  assert.ok(!budget.knows("10.0.0.0"));
  assert.equal(budget.known().length, 256);
});

test("what can't be placed is never known", () => {
  const budget = new StrangersBudget([]);
  for (const address of ["", "somewhere", "?"]) {
    budget.welcome(address, START);
    assert.ok(!budget.knows(address));
  }
  assert.deepEqual(budget.known(), []);
});
