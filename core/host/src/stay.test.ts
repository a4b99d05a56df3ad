import assert from "node:assert/strict";
import { test } from "node:test";
import { PERMISSIONS } from "@pulpit/protocol";
import type { PeerMessageInit } from "@pulpit/wire";
import { type StandingClock, standingClock } from "../test/standing-clock.ts";
import { Visitor } from "../test/visitor.ts";
import { host, type World } from "../test/world.ts";

const MINUTE = 60_000;
const move: PeerMessageInit = { case: "mouseEvent", value: { x: 3, y: 4 } };

async function inside(world: World): Promise<Visitor> {
  const visitor = await Visitor.of(world);
  assert.equal(await visitor.login(world.reception.oneTime.value, await visitor.challenge()), "");
  return visitor;
}

/** Time passes for a viewer that shows signs of life, as all do. */
async function passes(clock: StandingClock, visitor: Visitor, duration: number): Promise<void> {
  for (let left = duration; left > 0; left -= 10_000) {
    await visitor.send({ case: "testDelay", value: { fromClient: false } }).catch(() => undefined);
    await clock.advance(Math.min(left, 10_000));
  }
}

async function farewell(visitor: Visitor): Promise<string> {
  for (;;) {
    const { union } = (await visitor.until("misc")).value;
    if (union.case === "closeReason") return union.value;
  }
}

test("a session that nobody touches ends after the time the owner set, however lively the viewer is", async () => {
  const clock = standingClock();
  const world = host({ clock, policy: { idleAfter: 10 * MINUTE } });
  const visitor = await inside(world);
  await passes(clock, visitor, 9 * MINUTE);
  await visitor.send(move);
  await visitor.lookedAt();
  await passes(clock, visitor, 10 * MINUTE - 10_000);
  assert.equal(world.reception.sessions.length, 1);
  await passes(clock, visitor, 10_000);
  assert.equal((await visitor.end).why, "idle");
  assert.equal(await farewell(visitor), "Connection failed due to inactivity");
});

test("input that the gate turns away keeps nobody in", async () => {
  const clock = standingClock();
  const world = host({ clock, policy: { idleAfter: 2 * MINUTE, granted: new Set() } });
  const visitor = await inside(world);
  for (let i = 0; i < 12 && world.reception.sessions.length > 0; i++) {
    await visitor.send(move).catch(() => undefined);
    await passes(clock, visitor, 10_000);
  }
  assert.equal((await visitor.end).why, "idle");
});

test("by default nobody is sent away, and the owner's change of mind holds for who is in", async () => {
  const clock = standingClock();
  const world = host({ clock });
  const visitor = await inside(world);
  await passes(clock, visitor, 60 * MINUTE);
  assert.equal(world.reception.sessions.length, 1);
  world.decide({ idleAfter: 5 * MINUTE });
  await passes(clock, visitor, 10_000);
  assert.equal((await visitor.end).why, "idle");
});

test("who was sent away for idleness, or by the person, does not come back with the old password", async () => {
  for (const how of ["idle", "dismissed"]) {
    const clock = standingClock();
    const world = host({ clock, policy: { idleAfter: MINUTE } });
    const { value } = world.reception.oneTime;
    const visitor = await inside(world);
    if (how === "dismissed") world.reception.sessions[0]?.end("Closed manually by the peer");
    else await passes(clock, visitor, MINUTE);
    assert.equal((await visitor.end).why, how);
    const again = await Visitor.of(world);
    assert.equal(await again.login(value, await again.challenge()), "Wrong Password");
    await again.leave();
  }
});

test("a session that the person ends says so to the viewer, lets go of what was held, and is gone", async () => {
  const world = host();
  const visitor = await inside(world);
  await visitor.send({ case: "mouseEvent", value: { mask: 9 } });
  await visitor.lookedAt();
  world.reception.sessions[0]?.end("Closed manually by the peer");
  assert.equal(await farewell(visitor), "Closed manually by the peer");
  assert.deepEqual(await visitor.end, {
    session: "s1",
    viewer: { id: "v", name: "Eve", platform: "", address: "192.0.2.1" },
    why: "dismissed",
  });
  assert.deepEqual([world.done, world.reception.sessions], [["left true", "left false"], []]);
});

test("what the owner decides while a viewer stands at the door holds from its first moment inside", async () => {
  const world = host();
  const visitor = await Visitor.of(world);
  const challenge = await visitor.challenge();
  world.decide({ granted: new Set(PERMISSIONS.filter((permission) => permission !== "keyboard")) });
  // Input right behind the login, in one go.
  await Promise.all([visitor.ask(world.reception.oneTime.value, challenge), visitor.send(move, move)]);
  assert.equal(await visitor.answer(), "");
  const { union } = (await visitor.until("misc")).value;
  assert.ok(union.case === "permissionInfo" && union.value.permission === 0 && !union.value.enabled);
  await visitor.lookedAt();
  assert.deepEqual(world.done, []);
  await visitor.leave();
});

test("the first use of a permission is reported, later ones are not", async () => {
  const world = host();
  const visitor = await inside(world);
  await visitor.send(move, move);
  await visitor.lookedAt();
  const used = world.events.filter((event) => event.type === "permissionUsed");
  assert.deepEqual(used, [{ type: "permissionUsed", session: "s1", permission: "keyboard" }]);
  assert.deepEqual([...(world.reception.sessions[0]?.used ?? [])], ["keyboard"]);
  await visitor.leave();
});

test("a viewer that is not asked for and never logs in is sent away in the end", async () => {
  const clock = standingClock();
  const world = host({ clock });
  const visitor = await Visitor.of(world);
  await visitor.challenge();
  await passes(clock, visitor, 180_000);
  assert.deepEqual(await visitor.end, { session: undefined, why: "login-timeout" });
});
