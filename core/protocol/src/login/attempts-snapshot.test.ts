import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Attempts } from "./attempts.ts";
import { attemptsSnapshotIn } from "./attempts-snapshot.ts";

const START = Date.UTC(2026, 0, 1);
const EMPTY = { failures: [], known: [] };

test("what was kept is read back as it was", () => {
  const attempts = new Attempts();
  for (const address of ["192.0.2.1", "2001:db8::1", "", "::ffff:10.0.0.1"]) {
    attempts.failed(address, START);
    attempts.succeeded("198.51.100.1", START);
  }
  const snapshot = attempts.snapshot();
  assert.ok(snapshot.failures.length > 5);
  assert.deepEqual(attemptsSnapshotIn(JSON.parse(JSON.stringify(snapshot))), snapshot);
});

test("a budget that is partly filled again is read back as well", () => {
  const attempts = new Attempts();
  attempts.failed("192.0.2.1", START);
  attempts.failed("192.0.2.1", START + 7_777);
  const snapshot = attempts.snapshot();
  assert.ok(!Number.isInteger(snapshot.strangers?.[0]));
  assert.deepEqual(attemptsSnapshotIn(JSON.parse(JSON.stringify(snapshot))), snapshot);
});

test("what is none of its lines is left out, and the rest stays", () => {
  const good = ["128:20010db8000000000000000000000001", 4, START];
  const bad = [
    ["128:xyz", 4, START],
    ["128:20010db8000000000000000000000001", -1, START],
    ["128:20010db8000000000000000000000001", 1.5, START],
    ["128:20010db8000000000000000000000001", 4, "now"],
    ["128:20010db8000000000000000000000001", 4],
    [`128:${"0".repeat(10_000)}`, 4, START],
    ["__proto__", 4, START],
    "128:20",
    null,
    [],
  ];
  const read = attemptsSnapshotIn({
    failures: [...bad, good],
    known: [
      ["?", START],
      ["x", START],
      ["128:aa", -1],
    ],
  });
  assert.deepEqual(read, { failures: [good], known: [["?", START]] });
});

test("a budget that makes no sense is as good as none", () => {
  for (const strangers of [[-1, START], ["many", START], [5, -1], [5], [Number.NaN, START], "5", null, {}]) {
    assert.deepEqual(attemptsSnapshotIn({ strangers }), EMPTY, JSON.stringify(strangers));
  }
});

test("whatever was read, counting goes on, and nobody waits longer than an hour or guesses without bound", () => {
  const line = fc.tuple(fc.anything(), fc.anything(), fc.anything());
  const hostile = fc.oneof(
    fc.anything(),
    fc.record({ failures: fc.array(line), known: fc.array(line), strangers: fc.array(fc.anything()) }),
    fc.record({
      failures: fc.constant([
        ["128:00000000000000000000ffffc0000201", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      ]),
      strangers: fc.tuple(fc.double(), fc.maxSafeInteger()),
    }),
  );
  fc.assert(
    fc.property(hostile, (value) => {
      const attempts = new Attempts(attemptsSnapshotIn(value));
      assert.ok((attempts.blocked("192.0.2.1", START)?.wait ?? 0) <= 3_600_000);
      let guesses = 0;
      for (let i = 0; i < 40; i++) {
        if (attempts.blocked(`10.0.${i}.1`, START) !== undefined) continue;
        attempts.failed(`10.0.${i}.1`, START);
        guesses += 1;
      }
      assert.ok(guesses <= 30);
      assert.ok(attempts.snapshot().failures.length <= 4_096);
    }),
  );
});
