import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "./link.ts";
import { type Attempt, Race, RaceLost } from "./race.ts";

/** Time that passes when the test says so. */
class Hand implements Clock {
  #now = 0;
  #alarms: { readonly at: number; readonly ring: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  alarm(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }
  pass(time: number): void {
    this.#now += time;
    for (const alarm of this.#alarms.filter(({ at }) => at <= this.#now)) {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
      alarm.ring();
    }
  }
}

interface Way extends Attempt<string> {
  up(): void;
  fail(): void;
  readonly aborted: boolean;
}

function way(name: string, direct: boolean): Way {
  const done = Promise.withResolvers<string>();
  let aborted = false;
  return {
    name,
    direct,
    run(signal) {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return done.promise;
    },
    up: () => done.resolve(name),
    fail: () => done.reject(new Error(name)),
    get aborted() {
      return aborted;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function start(): { race: Race<string>; clock: Hand; discarded: string[] } {
  const clock = new Hand();
  const discarded: string[] = [];
  return { race: new Race({ clock, window: 1000, discard: (name) => discarded.push(name) }), clock, discarded };
}

test("a direct way wins at once, the others are given up, and what comes too late is closed", async () => {
  const { race, discarded } = start();
  const [udp, tcp, relay] = [way("udp", true), way("tcp", true), way("relay", false)];
  for (const attempt of [udp, tcp, relay]) race.add(attempt);
  udp.up();
  const { way: won, reports } = await race.result;
  assert.equal(won, "udp");
  assert.deepEqual([udp.aborted, tcp.aborted, relay.aborted], [false, true, true]);
  assert.deepEqual(
    reports.map(({ name, outcome }) => [name, outcome]),
    [
      ["udp", "won"],
      ["tcp", "given-up"],
      ["relay", "given-up"],
    ],
  );
  tcp.up();
  await settled();
  assert.deepEqual(discarded, ["tcp"]);
});

test("the relay waits for something better, and is closed when that comes", async () => {
  const { race, clock, discarded } = start();
  const [udp, relay] = [way("udp", true), way("relay", false)];
  race.add(relay);
  race.add(udp);
  race.complete();
  relay.up();
  await settled();
  clock.pass(999);
  udp.up();
  assert.equal((await race.result).way, "udp");
  assert.deepEqual(discarded, ["relay"]);
});

test("the relay is taken when the window is over, or as soon as nothing else runs", async () => {
  for (const how of ["window", "failed"]) {
    const { race, clock, discarded } = start();
    const [udp, relay] = [way("udp", true), way("relay", false)];
    race.add(relay);
    race.add(udp);
    race.complete();
    relay.up();
    await settled();
    if (how === "window") clock.pass(1000);
    else udp.fail();
    const { way: won } = await race.result;
    assert.equal(won, "relay");
    assert.deepEqual(discarded, []);
    assert.equal(udp.aborted, true);
  }
});

test("while attempts may still join, failures end nothing", async () => {
  const { race } = start();
  const [udp, tcp] = [way("udp", true), way("tcp", true)];
  race.add(udp);
  udp.fail();
  await settled();
  race.add(tcp);
  tcp.up();
  assert.equal((await race.result).way, "tcp");
});

test("when all fail, the error says what became of each", async () => {
  const { race } = start();
  const [udp, relay] = [way("udp", true), way("relay", false)];
  race.add(udp);
  race.add(relay);
  race.complete();
  udp.fail();
  relay.fail();
  await assert.rejects(race.result, (error: unknown) => {
    assert.ok(error instanceof RaceLost);
    assert.deepEqual(
      error.reports.map(({ name, outcome }) => [name, outcome]),
      [
        ["udp", "failed"],
        ["relay", "failed"],
      ],
    );
    return true;
  });
});

test("a reason that concerns all ways ends everything, what was put aside too", async () => {
  const { race, discarded } = start();
  const [udp, relay] = [way("udp", true), way("relay", false)];
  race.add(relay);
  race.add(udp);
  relay.up();
  await settled();
  race.fail(new Error("offline"));
  await assert.rejects(race.result, { message: "offline" });
  assert.deepEqual([discarded, udp.aborted], [["relay"], true]);
});
