import assert from "node:assert/strict";
import { test } from "node:test";
import { Budget, sourceOf } from "./budget.ts";

test("one source may do something so often in a period, and another one as often", () => {
  const budget = new Budget(3, 1000);
  const spend = (host: string, now: number): boolean => budget.spend(host, now);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => spend("192.0.2.1", 0)),
    [true, true, true, false],
  );
  assert.ok(spend("192.0.2.2", 0));
  assert.ok(!spend("192.0.2.1", 1000));
  assert.ok(spend("192.0.2.1", 1001));
});

test("all addresses of one IPv6 network are one source", () => {
  assert.equal(sourceOf("2001:db8:1:2:3:4:5:6"), sourceOf("2001:db8:1:2::9"));
  assert.equal(sourceOf("2001:db8::1"), sourceOf("2001:db8:0:0:ffff::"));
  assert.notEqual(sourceOf("2001:db8:1:2::1"), sourceOf("2001:db8:1:3::1"));
  assert.notEqual(sourceOf("::1"), sourceOf("2001:db8::1"));
  assert.equal(sourceOf("192.0.2.1"), "192.0.2.1");
  const budget = new Budget(10, 1000);
  const spent = Array.from({ length: 20 }, (_, i) => budget.spend(`2001:db8::${i}`, 0));
  assert.equal(spent.filter(Boolean).length, 10);
});

test("a flood of sources doesn't grow it without end", () => {
  const budget = new Budget(1, 1000);
  for (let i = 0; i < 150_000; i++) budget.spend(`source ${i}`, 0);
  assert.ok(budget.size <= 100_000);
});
