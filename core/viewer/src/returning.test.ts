import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginError, passwordHash, passwordProof } from "@pulpit/protocol";
import type { LoginRequest, PeerMessage } from "@pulpit/wire";
import { connected, crypto, type FakeHost, quiet, secured } from "../test/far-side.ts";

async function login(far: FakeHost): Promise<LoginRequest> {
  let message: PeerMessage;
  do message = await far.hear();
  while (message.case !== "loginRequest");
  return message.value;
}

test("a session whose path broke is taken up again by itself: same number, same password, no question", async () => {
  const started = await secured({ password: "k7m3xz", again: true });
  await started.far.challenge();
  const first = await login(started.far);
  await started.far.admit();
  await started.far.pipe.close(new Error("cable cut"));
  const back = await started.host();
  await back.secure();
  await quiet();
  await back.challenge();
  const second = await login(back);
  assert.equal(second.sessionId, first.sessionId);
  const proof = passwordProof(crypto, passwordHash(crypto, "k7m3xz", "salt"), "challenge");
  assert.deepEqual(second.password, proof);
  await back.admit();
  assert.equal(started.session.state.phase.name, "connected");
  const steps = started.phases.slice(started.phases.indexOf("connected") + 1);
  assert.deepEqual(steps, ["finding", "relay", "securing", "login", "connected"]);
  started.session.close();
});

test("a host that no longer takes the password asks the person, who may give another one", async () => {
  const started = await connected({ again: true });
  await started.far.pipe.close();
  const back = await started.host();
  await back.secure();
  await quiet();
  await back.challenge();
  await login(back);
  await back.answer(LoginError.wrongPassword);
  assert.equal(started.session.state.phase.name, "password");
  started.session.login("another");
  assert.equal((await login(back)).password.length, 32);
  await back.admit();
  assert.equal(started.session.state.phase.name, "connected");
  started.session.close();
});

test("whoever was let in by a click, was sent away, or has left does not come back by itself", async () => {
  const clicked = await secured({ again: true });
  await clicked.far.challenge();
  await clicked.far.hear();
  await clicked.far.admit();
  const { length } = clicked.dialled;
  await clicked.far.pipe.close(new Error("cable cut"));
  assert.deepEqual(await clicked.end(), { code: "lost" });
  assert.equal(clicked.dialled.length, length);
  const sent = await connected({ again: true });
  await sent.far.farewell("Closed manually by the peer");
  assert.equal((await sent.end()).code, "closed-by-host");
  const left = await connected({ again: true });
  left.session.close();
  assert.deepEqual(await left.end(), { code: "closed" });
});

test("a way back that leads nowhere ends it with what broke the session", async () => {
  const started = await connected();
  await started.far.pipe.close(new Error("cable cut"));
  assert.deepEqual(await started.end(), { code: "lost" });
});
