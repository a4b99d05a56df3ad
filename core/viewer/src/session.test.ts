import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginError, passwordHash, passwordProof } from "@pulpit/protocol";
import type { PeerMessage } from "@pulpit/wire";
import { connected, crypto, type FakeClock, type FakeHost, ID, quiet, random, secured } from "../test/far-side.ts";
import type { End } from "./state.ts";
import type { KeyInput } from "./viewer.ts";

test("without a password one is asked for, a wrong one is said so, and the right one gets in", async () => {
  const { far, session, phases } = await secured();
  await far.challenge();
  const empty = await far.hear();
  assert.ok(empty.case === "loginRequest" && empty.value.password.length === 0, "lets the host know that it is there");
  for (const [given, answer] of [
    ["wrong", () => far.answer(LoginError.wrongPassword)],
    ["k7m3xz", () => far.admit()],
  ] as const) {
    session.login(given);
    const request = await far.hear();
    assert.ok(request.case === "loginRequest");
    const proof = passwordProof(crypto, passwordHash(crypto, given, "salt"), "challenge");
    assert.deepEqual(request.value.password, proof);
    assert.equal(request.value.username, ID);
    assert.notEqual(request.value.sessionId, 0n);
    await answer();
  }
  const steps = ["finding", "relay", "securing", "login", "password required", "login", "password wrong", "login"];
  assert.deepEqual(phases, [...steps, "connected"]);
  assert.equal(session.state.peer?.hostname, "desk");
  session.close();
});

test("a host whose owner has to accept is waited for, and a password may still be given", async () => {
  const { far, session } = await secured();
  await far.challenge();
  await far.answer(LoginError.waitForAcceptance);
  assert.equal(session.state.phase.name, "waiting-for-acceptance");
  session.login("k7m3xz");
  await far.admit();
  assert.equal(session.state.phase.name, "connected");
  session.close();
});

/** Ends before login, by what the host says. */
const loginEnds: readonly (readonly [string, End])[] = [
  [LoginError.tryLater, { code: "too-many-attempts", detail: LoginError.tryLater }],
  [LoginError.tooManyAttempts, { code: "too-many-attempts", detail: LoginError.tooManyAttempts }],
  [LoginError.notAllowed, { code: "refused", detail: LoginError.notAllowed }],
  [LoginError.offline, { code: "refused", detail: LoginError.offline }],
  ["x".repeat(10_000), { code: "refused", detail: "x".repeat(500) }],
];
for (const [text, end] of loginEnds) {
  test(`a login answered with "${text.slice(0, 30)}" ends with ${end.code}, and the connection is closed`, async () => {
    const { far, ...started } = await secured({ password: "k7m3xz" });
    await far.challenge();
    await far.answer(text);
    assert.deepEqual(await started.end(), end);
    await far.rest();
    assert.deepEqual(started.session.state.phase, { name: "ended", end }, "and it stays so");
  });
}

/** Ends of a session that ran, by what befalls it. */
const sessionEnds: readonly (readonly [string, (far: FakeHost, clock: FakeClock) => unknown, End])[] = [
  ["the connection breaks", (far) => far.pipe.close(new Error("cable cut")), { code: "lost" }],
  ["the host hangs up without a word", (far) => far.pipe.close(), { code: "lost" }],
  ["the host falls silent", (_far, clock) => clock.pass(31_000), { code: "timed-out" }],
  ["a message is forged", (far) => far.pipe.send(random.bytes(60)), { code: "tampered" }],
  ["the host sends another challenge", (far) => far.challenge(), { code: "violated" }],
  [
    "the host says goodbye",
    (far) => far.send({ case: "misc", value: { union: { case: "closeReason", value: "bye" } } }),
    { code: "closed-by-host", detail: "bye" },
  ],
];
for (const [name, befall, end] of sessionEnds) {
  test(`when ${name}, the session ends with ${end.code}, once`, async () => {
    const { far, clock, phases, ...started } = await connected();
    await befall(far, clock);
    assert.deepEqual(await started.end(), end);
    await quiet();
    assert.equal(phases.at(-1), end.code);
    assert.equal(phases.filter((phase) => phase === end.code).length, 1);
  });
}

test("a host without displays is no host to look at", async () => {
  const { far, ...started } = await secured({ password: "k7m3xz" });
  await far.challenge();
  await far.admit([]);
  assert.deepEqual(await started.end(), { code: "no-displays" });
});

test("a silent host is given up before its challenge too", async () => {
  const started = await secured();
  await started.clock.pass(18_500);
  assert.deepEqual(await started.end(), { code: "timed-out" });
});

const key = (code: string, name: string): KeyInput => ({
  ...{ code, key: name, ctrl: false, alt: false, shift: false, meta: false, altGraph: false },
  ...{ capsLock: false, numLock: false, repeat: false },
});
/** Input as the host hears it. */
const inputs = (messages: readonly PeerMessage[]): (string | number)[] =>
  messages.flatMap((message) => {
    if (message.case === "mouseEvent") return [`mouse ${message.value.mask}`];
    if (message.case !== "keyEvent") return [];
    return [`key ${message.value.union.value} ${message.value.down ? "down" : "up"}`];
  });

test("who leaves lets go of everything held, then says goodbye", async () => {
  const { far, session, ...started } = await connected();
  session.movePointer(5, 6);
  session.button("left", true);
  session.keyDown(key("ShiftLeft", "Shift"));
  session.close();
  assert.deepEqual(await started.end(), { code: "closed" });
  const heard = await far.rest();
  assert.deepEqual(inputs(heard), ["mouse 0", "mouse 0", "mouse 9", "key 50 down", "mouse 10", "key 50 up"]);
  const last = heard.at(-1);
  assert.ok(last?.case === "misc" && last.value.union.case === "closeReason");
});

test("view-only lets go of everything and sends nothing more, nor does a viewer without permission", async () => {
  const { far, session } = await connected();
  const use = (): void => {
    session.button("left", true);
    session.wheel(0, 1);
    session.keyDown(key("ShiftLeft", "Shift"));
    session.typeText("a");
    session.sendCtrlAltDel();
  };
  session.keyDown(key("ControlLeft", "Control"));
  session.setViewOnly(true);
  use();
  session.setViewOnly(false);
  await far.send({
    case: "misc",
    value: { union: { case: "permissionInfo", value: { permission: 0, enabled: false } } },
  });
  use();
  session.close();
  assert.deepEqual(inputs(await far.rest()), ["key 37 down", "key 37 up"]);
});

test("nothing is sent before login, whatever is pressed", async () => {
  const { far, session } = await secured();
  session.keyDown(key("ShiftLeft", "Shift"));
  session.button("left", true);
  session.movePointer(1, 1);
  await far.challenge();
  session.close();
  assert.deepEqual(inputs(await far.rest()), []);
});
