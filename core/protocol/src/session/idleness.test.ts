import assert from "node:assert/strict";
import { test } from "node:test";
import { rules } from "./gate.ts";
import { Idleness } from "./idleness.ts";
import type { MessageKey } from "./message-key.ts";

const KEYS = Object.keys(rules) as MessageKey[];

test("input, chat, refresh and elevation show that somebody is there, and nothing else does", () => {
  const active = KEYS.filter((key) => {
    const idleness = new Idleness(() => 1_000, 0);
    idleness.heard(key, 400);
    return idleness.deadline === 1_400;
  });
  // docs/protocol/session.md, section 9.4.
  assert.deepEqual(active.toSorted(), [
    "keyEvent",
    "misc.chatMessage",
    "misc.elevationRequest",
    "misc.refreshVideo",
    "misc.refreshVideoDisplay",
    "mouseEvent",
    "pointerDeviceEvent",
  ]);
});

test("nought is never, and a change of the owner's mind counts from the last activity", () => {
  let after = 0;
  const idleness = new Idleness(() => after, 0);
  assert.equal(idleness.deadline, Number.POSITIVE_INFINITY);
  idleness.heard("mouseEvent", 500);
  after = 60_000;
  assert.equal(idleness.deadline, 60_500);
});
