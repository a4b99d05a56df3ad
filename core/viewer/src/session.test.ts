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
  ["Your ip is blocked by the peer", { code: "address-blocked" }],
  ["Your ID is blocked by the peer", { code: "id-blocked" }],
  ["No permission of terminal", { code: "kind-refused" }],
  ["Connection not allowed", { code: "not-allowed" }],
  ["The main window is not open", { code: "window-closed" }],
  ["Offline", { code: "other-id" }],
  ["Someone turns on privacy mode, exit", { code: "privacy-mode" }],
  ["Wayland login screen is not supported", { code: "no-x11" }],
  ["Wayland: x11 expected", { code: "no-x11" }],
  ["constructor", { code: "refused", detail: "constructor" }],
  ["<b>no</b>", { code: "refused", detail: "<b>no</b>" }],
  ["x".repeat(60_000), { code: "refused", detail: "x".repeat(500) }],
];
for (const [text, end] of loginEnds) {
  test(`a login answered with "${text.slice(0, 40)}" ends with ${end.code}, and the connection is closed`, async () => {
    const { far, ...started } = await secured({ password: "k7m3xz" });
    await far.challenge();
    await far.answer(text);
    assert.deepEqual(await started.end(), end);
    await far.rest();
    assert.deepEqual(started.session.state.phase, { name: "ended", end }, "and it stays so");
  });
}

test("a host that filters addresses says so before its challenge", async () => {
  const { far, ...started } = await secured({ password: "k7m3xz" });
  await far.answer("Your ip is blocked by the peer");
  assert.deepEqual(await started.end(), { code: "address-blocked" });
});

/** Ends by a farewell: before the login, and after it. */
const farewells: readonly (readonly [string, End, End])[] = [
  ["", { code: "declined" }, { code: "closed-by-host" }],
  ["Closed manually by the peer", { code: "declined" }, { code: "closed-by-host" }],
  ["Closed manually by web console", { code: "closed-by-administrator" }, { code: "closed-by-administrator" }],
  ["Connection failed due to inactivity", { code: "idle" }, { code: "idle" }],
  ["Connection not allowed", { code: "not-allowed" }, { code: "not-allowed" }],
  ["bye", { code: "closed-by-host", detail: "bye" }, { code: "closed-by-host", detail: "bye" }],
];
for (const [text, early, late] of farewells) {
  test(`a host that leaves with "${text}" ends the login with ${early.code} and the session with ${late.code}`, async () => {
    const before = await secured({ password: "k7m3xz" });
    await before.far.challenge();
    await before.far.farewell(text);
    assert.deepEqual(await before.end(), early);
    const after = await connected();
    await after.far.farewell(text);
    assert.deepEqual(await after.end(), late);
  });
}

test("a host that wants a pause is waited for, and what was refused may be tried again", async () => {
  const { far, session, phases } = await secured({ password: "wrong" });
  await far.challenge();
  await far.answer(LoginError.tryLater);
  session.login("k7m3xz");
  await far.answer(LoginError.secondFactorRequired);
  session.enterCode("000000", false);
  await far.answer(LoginError.tooManyAttempts);
  session.enterCode("123456", false);
  await far.admit();
  const waits = ["password wait-a-minute", "login", "code required", "code", "code wait-long", "code", "connected"];
  assert.deepEqual(phases.slice(-waits.length), waits);
  session.close();
});

test("a host that hangs up during the pause ends it with too-many-attempts", async () => {
  const { far, ...started } = await secured({ password: "wrong" });
  await far.challenge();
  await far.answer(LoginError.tooManyAttempts);
  await far.pipe.close();
  assert.deepEqual(await started.end(), { code: "too-many-attempts" });
});

/** Ends of a session that ran, by what befalls it. */
const sessionEnds: readonly (readonly [string, (far: FakeHost, clock: FakeClock) => unknown, End])[] = [
  ["the connection breaks", (far) => far.pipe.close(new Error("cable cut")), { code: "lost" }],
  ["the host hangs up without a word", (far) => far.pipe.close(), { code: "lost" }],
  ["the host falls silent", (_far, clock) => clock.pass(31_000), { code: "timed-out" }],
  ["a message is forged", (far) => far.pipe.send(random.bytes(60)), { code: "tampered" }],
  ["the host sends another challenge", (far) => far.challenge(), { code: "violated" }],
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
  await far.permit("keyboard", false);
  use();
  session.close();
  assert.deepEqual(inputs(await far.rest()), ["key 37 down", "key 37 up"]);
});

test("a keyboard that is taken away lets go of what is held, and works again when it is given back", async () => {
  const { far, session } = await connected();
  session.keyDown(key("ControlLeft", "Control"));
  session.button("left", true);
  await far.permit("keyboard", false);
  assert.ok(!session.state.permissions.has("keyboard"));
  session.keyDown(key("ShiftLeft", "Shift"));
  await far.permit("keyboard", true);
  assert.ok(session.state.permissions.has("keyboard"));
  session.keyDown(key("ShiftLeft", "Shift"));
  session.close();
  const held = ["key 37 down", "mouse 9"];
  const released = ["mouse 10", "key 37 up"];
  assert.deepEqual(inputs(await far.rest()), [...held, ...released, "key 50 down", "key 50 up"]);
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
