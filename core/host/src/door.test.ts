import assert from "node:assert/strict";
import { test } from "node:test";
import { type Caller, Door } from "./door.ts";

/** As many as have room. */
const ROOM = 64;

function callers(): { readonly sentAway: string[]; caller(name: string, source?: string, known?: boolean): Caller } {
  const sentAway: string[] = [];
  return {
    sentAway,
    caller: (name, source = name, known = false) => ({ source, known, giveWay: () => sentAway.push(name) }),
  };
}

test("a full door makes room for a newcomer at the cost of the stranger who came first", () => {
  const { sentAway, caller } = callers();
  const door = new Door();
  for (let i = 0; i < ROOM; i++) assert.ok(door.enter(caller(`s${i}`)));
  assert.deepEqual(sentAway, []);
  assert.ok(door.enter(caller("late")));
  assert.ok(door.enter(caller("later")));
  assert.deepEqual(sentAway, ["s0", "s1"]);
});

test("the source with the most callers gives way before all others, even to itself", () => {
  const { sentAway, caller } = callers();
  const door = new Door();
  door.enter(caller("friend"));
  for (let i = 1; i < ROOM; i++) door.enter(caller(`f${i}`, "flood"));
  door.enter(caller("other"));
  door.enter(caller("more", "flood"));
  assert.deepEqual(sentAway, ["f1", "f2"]);
});

test("strangers never push out who has been in before, who pushes out strangers and in the end its own kind", () => {
  const { sentAway, caller } = callers();
  const door = new Door();
  for (let i = 0; i < ROOM - 1; i++) door.enter(caller(`k${i}`, "office", true));
  door.enter(caller("stranger"));
  assert.ok(door.enter(caller("another")));
  assert.deepEqual(sentAway, ["stranger"]);
  assert.ok(door.enter(caller("k-new", "office", true)));
  assert.deepEqual(sentAway, ["stranger", "another"]);
  assert.equal(door.enter(caller("third")), false);
  assert.ok(door.enter(caller("home", "home", true)));
  assert.deepEqual(sentAway, ["stranger", "another", "k0"]);
});

test("who has left or got in takes no room", () => {
  const { sentAway, caller } = callers();
  const door = new Door();
  const all = Array.from({ length: ROOM }, (_, i) => caller(`s${i}`));
  for (const one of all) door.enter(one);
  for (const one of all) door.left(one);
  for (let i = 0; i < ROOM; i++) door.enter(caller(`t${i}`));
  assert.deepEqual(sentAway, []);
});
