import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage, type LoginRequest } from "@pulpit/wire";
import { type Opened, RecentSessions } from "./recent-sessions.ts";

const ADDRESS = "192.0.2.1";
const OPENED: Opened = {
  passwordHash: new Uint8Array(32).fill(7),
  by: "one-time",
  codePassed: false,
  address: ADDRESS,
};

function request(fields: { myId?: string; myName?: string; sessionId?: bigint } = {}): LoginRequest {
  const value = { myId: "viewer", myName: "Ada", sessionId: 42n, ...fields };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  assert.ok(message.case === "loginRequest");
  return message.value;
}

function hashOf(recent: RecentSessions, viewer: LoginRequest, now: number): Uint8Array | undefined {
  return recent.opened(viewer, ADDRESS, now)?.passwordHash;
}

test("a viewer whose connection broke may come back for 30 s, and not a moment longer", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  recent.ended(request(), true, 1_000);
  assert.deepEqual(hashOf(recent, request(), 31_000), OPENED.passwordHash);
  assert.equal(hashOf(recent, request(), 31_001), undefined);
  assert.equal(hashOf(recent, request(), 2_000), undefined, "what is over is over");
});

test("a session that still runs is remembered however long it lasts", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  assert.deepEqual(hashOf(recent, request(), 86_400_000), OPENED.passwordHash);
});

test("a session that was closed on purpose is forgotten at once", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  recent.ended(request(), false, 1_000);
  assert.equal(hashOf(recent, request(), 1_000), undefined);
});

test("nobody else comes in with it: ID, name and session number have to be the same", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  for (const other of [{ myId: "other" }, { myName: "Eve" }, { sessionId: 43n }, { myId: 'viewer","Ada' }]) {
    assert.equal(hashOf(recent, request(other), 0), undefined);
  }
  assert.deepEqual(hashOf(recent, request(), 0), OPENED.passwordHash);
});

test("a viewer without a session number has nothing to come back to", () => {
  const recent = new RecentSessions();
  recent.started(request({ sessionId: 0n }), OPENED);
  assert.equal(hashOf(recent, request({ sessionId: 0n }), 0), undefined);
});

test("sessions are remembered up to a number, the latest ones", () => {
  const recent = new RecentSessions();
  for (let i = 1n; i <= 65n; i++) recent.started(request({ sessionId: i }), OPENED);
  assert.equal(hashOf(recent, request({ sessionId: 1n }), 0), undefined);
  assert.deepEqual(hashOf(recent, request({ sessionId: 2n }), 0), OPENED.passwordHash);
  assert.deepEqual(hashOf(recent, request({ sessionId: 65n }), 0), OPENED.passwordHash);
});

test("a session that was taken up again counts as a new one", () => {
  const recent = new RecentSessions();
  for (let i = 1n; i <= 64n; i++) recent.started(request({ sessionId: i }), OPENED);
  recent.started(request({ sessionId: 1n }), OPENED);
  recent.started(request({ sessionId: 65n }), OPENED);
  assert.deepEqual(hashOf(recent, request({ sessionId: 1n }), 0), OPENED.passwordHash);
  assert.equal(hashOf(recent, request({ sessionId: 2n }), 0), undefined);
});

test("a session is taken up again only from where it was", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  assert.equal(recent.opened(request(), "192.0.2.2", 0), undefined);
  assert.equal(recent.opened(request(), "", 0), undefined);
  assert.equal(recent.opened(request(), ADDRESS, 0)?.by, "one-time", "the other one has not closed the way back");
});

test("after a change of the password nobody comes back with the old one, not even who is still in", () => {
  const recent = new RecentSessions();
  recent.started(request(), OPENED);
  recent.started(request({ sessionId: 43n }), OPENED);
  recent.ended(request(), true, 0);
  recent.forgetAll();
  for (const sessionId of [42n, 43n]) assert.equal(hashOf(recent, request({ sessionId }), 0), undefined);
});
