import assert from "node:assert/strict";
import { test } from "node:test";
import { Pacing } from "./pacing.ts";

const STATE = { queuedBytes: 0, kbps: 4000, framesPerSecond: 30 };

test("two pictures may be under way on a quick path, a round trip's worth on a slow one", () => {
  const pacing = new Pacing(true);
  assert.equal(pacing.room(STATE, 0), 2);
  pacing.sent(5000, 0);
  pacing.sent(5000, 0);
  assert.equal(pacing.room(STATE, 0), 0);
  pacing.received(10);
  assert.equal(pacing.room(STATE, 10), 1);
  pacing.measured(200);
  assert.equal(pacing.room(STATE, 10), 6);
});

test("acknowledgements that nobody owes give no extra room", () => {
  const pacing = new Pacing(true);
  for (let i = 0; i < 1000; i++) pacing.received(i);
  assert.equal(pacing.room(STATE, 1000), 2);
});

test("a viewer that never acknowledges by agreement stops the pictures by letting them pile up", () => {
  const pacing = new Pacing(false);
  assert.equal(pacing.room(STATE, 0), 2);
  assert.equal(pacing.room({ ...STATE, queuedBytes: 10_000_000 }, 0), 0);
});

/** A path: pictures queue before a bottleneck, and acknowledgements come back. All times ms, all rates bytes per ms. */
function drive(path: {
  readonly rate: (now: number) => number;
  readonly roundTrip: number;
  readonly size: (picture: number) => number;
  readonly duration: number;
}): { readonly waits: { at: number; waited: number }[]; readonly carried: number } {
  const pacing = new Pacing(true);
  pacing.measured(path.roundTrip);
  const arrivals: { at: number; bytes: number }[] = [];
  const waits: { at: number; waited: number }[] = [];
  let free = 0;
  let carried = 0;
  let next = 0;
  for (let now = 0, picture = 0; now < path.duration; now++) {
    for (const arrived of arrivals.splice(0, arrivals.filter(({ at }) => at <= now).length)) {
      carried += arrived.bytes;
      pacing.received(now);
    }
    if (now < next || pacing.room(STATE, now) === 0) continue;
    next = now + 1000 / STATE.framesPerSecond;
    const bytes = path.size(picture++);
    const begins = Math.max(now, free);
    waits.push({ at: now, waited: begins - now });
    free = begins + bytes / path.rate(now);
    pacing.sent(bytes, now);
    arrivals.push({ at: free + path.roundTrip, bytes });
  }
  return { waits, carried };
}

test("on a narrow path pictures wait 200 ms, or for one other, and the path is used", () => {
  for (const rate of [60, 125, 250, 500, 1000]) {
    for (const roundTrip of [5, 50, 100, 300]) {
      const duration = 20_000;
      const { waits, carried } = drive({ rate: () => rate, roundTrip, size: () => 30_000, duration });
      const late = waits.filter(({ at }) => at > 1000 + roundTrip).map(({ waited }) => waited);
      const usual = late.toSorted((a, b) => a - b)[Math.floor(late.length * 0.7)] as number;
      assert.ok(usual <= 200, `${rate} bytes/ms, ${roundTrip} ms: pictures waited ${usual} ms`);
      // One in four may have to wait for another one to pass.
      const longest = Math.max(...late);
      assert.ok(longest <= Math.max(200, 30_000 / rate + 1), `${rate} bytes/ms, ${roundTrip} ms: ${longest} ms`);
      const wanted = Math.min(rate, (30_000 * STATE.framesPerSecond) / 1000);
      const used = carried / duration / wanted;
      assert.ok(used > 0.6, `${rate} bytes/ms, ${roundTrip} ms: ${used} of the path was used`);
    }
  }
});

test("sizes that change, and a path that does, are followed", () => {
  const size = (picture: number): number => (picture % 60 === 0 ? 120_000 : 8_000 + (picture % 7) * 4_000);
  const rate = (now: number): number => (now < 10_000 ? 1_000 : now < 20_000 ? 150 : 1_000);
  const { waits } = drive({ rate, roundTrip: 60, size, duration: 30_000 });
  const during = (from: number, to: number): number[] =>
    waits.filter(({ at }) => at >= from && at < to).map(({ waited }) => waited);
  // Behind a large one everything has to wait that was let go before it was known.
  const settled = during(12_000, 20_000).toSorted((a, b) => a - b);
  assert.ok((settled[Math.floor(settled.length * 0.9)] as number) <= 200, `${settled}`);
  // The narrow time is over, and so is its limit: as many pictures as anybody wants.
  assert.ok(during(25_000, 30_000).length > 120, `${during(25_000, 30_000).length}`);
});
