import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage, type LoginRequest } from "@pulpit/wire";
import { RecentSessions } from "./recent-sessions.ts";

const HASH = new Uint8Array(32).fill(7);

function request(fields: { myId?: string; myName?: string; sessionId?: bigint } = {}): LoginRequest {
  const value = { myId: "viewer", myName: "Ada", sessionId: 42n, ...fields };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  assert.ok(message.case === "loginRequest");
  return message.value;
}

test("a viewer whose connection broke may come back for 30 s, and not a moment longer", () => {
  const recent = new RecentSessions();
  recent.started(request(), HASH);
  recent.ended(request(), true, 1_000);
  assert.deepEqual(recent.passwordHash(request(), 31_000), HASH);
  assert.equal(recent.passwordHash(request(), 31_001), undefined);
  assert.equal(recent.passwordHash(request(), 2_000), undefined, "what is over is over");
});

test("a session that still runs is remembered however long it lasts", () => {
  const recent = new RecentSessions();
  recent.started(request(), HASH);
  assert.deepEqual(recent.passwordHash(request(), 86_400_000), HASH);
});

test("a session that was closed on purpose is forgotten at once", () => {
  const recent = new RecentSessions();
  recent.started(request(), HASH);
  recent.ended(request(), false, 1_000);
  assert.equal(recent.passwordHash(request(), 1_000), undefined);
});

test("nobody else comes in with it: ID, name and session number have to be the same", () => {
  const recent = new RecentSessions();
  recent.started(request(), HASH);
  for (const other of [{ myId: "other" }, { myName: "Eve" }, { sessionId: 43n }, { myId: 'viewer","Ada' }]) {
    assert.equal(recent.passwordHash(request(other), 0), undefined);
  }
  assert.deepEqual(recent.passwordHash(request(), 0), HASH);
});

test("a viewer without a session number has nothing to come back to", () => {
  const recent = new RecentSessions();
  recent.started(request({ sessionId: 0n }), HASH);
  assert.equal(recent.passwordHash(request({ sessionId: 0n }), 0), undefined);
});

test("sessions are remembered up to a number, the latest ones", () => {
  const recent = new RecentSessions();
  for (let i = 1n; i <= 65n; i++) recent.started(request({ sessionId: i }), HASH);
  assert.equal(recent.passwordHash(request({ sessionId: 1n }), 0), undefined);
  assert.deepEqual(recent.passwordHash(request({ sessionId: 2n }), 0), HASH);
  assert.deepEqual(recent.passwordHash(request({ sessionId: 65n }), 0), HASH);
});

test("a session that was taken up again counts as a new one", () => {
  const recent = new RecentSessions();
  for (let i = 1n; i <= 64n; i++) recent.started(request({ sessionId: i }), HASH);
  recent.started(request({ sessionId: 1n }), HASH);
  recent.started(request({ sessionId: 65n }), HASH);
  assert.deepEqual(recent.passwordHash(request({ sessionId: 1n }), 0), HASH);
  assert.equal(recent.passwordHash(request({ sessionId: 2n }), 0), undefined);
});
