import assert from "node:assert/strict";
import { test } from "node:test";
import { Tempo } from "./tempo.ts";

/** Pictures made in this time when there is always something to show, ms. */
function run(tempo: Tempo, from: number, until: number): number[] {
  const made: number[] = [];
  for (let now = from; now < until; now += Math.max(1, tempo.wait(now))) {
    if (tempo.wait(now) > 0) continue;
    tempo.made(now);
    made.push(now);
  }
  return made;
}

test("a few pictures come at once, then so many per second", () => {
  const made = run(new Tempo(20), 0, 10_000);
  assert.ok(made.length >= 200 && made.length <= 204, `${made.length}`);
  assert.ok((made[2] as number) < 5);
  assert.ok((made[3] as number) - (made[2] as number) > 40);
});

test("after a pause there is no waiting", () => {
  const tempo = new Tempo(10);
  run(tempo, 0, 2000);
  assert.ok(tempo.wait(2000) > 0);
  assert.equal(tempo.wait(2400), 0);
});

test("a higher rate is followed at once, whatever was made at the lower one", () => {
  const tempo = new Tempo(5);
  run(tempo, 0, 2000);
  tempo.setRate(60, 2000);
  assert.ok(tempo.wait(2000) <= 1000 / 60);
});

test("a lower rate makes up for nothing", () => {
  const tempo = new Tempo(60);
  run(tempo, 0, 2000);
  tempo.setRate(5, 2000);
  assert.ok(tempo.wait(2000) <= 200);
});
