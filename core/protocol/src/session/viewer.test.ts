import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage, type PeerMessage, type PeerMessageInit } from "@pulpit/wire";
import { LoginError } from "../login/texts.ts";
import { type ViewerSessionEffect, ViewerSessionMachine } from "./viewer.ts";

const wire = (message: PeerMessageInit): PeerMessage => decodeMessage(encodeMessage(message));
const SECRET = new Uint8Array(32).fill(7);

/** A viewer and what it is told; each call gives what it wants done. */
class Talk {
  /** Passwords that proofs went out for; an empty one is an empty proof. */
  readonly proofs: string[] = [];
  readonly #machine = new ViewerSessionMachine((password = "") => {
    this.proofs.push(password);
    return { case: "loginRequest", value: { password: new TextEncoder().encode(password) } };
  });

  constructor(password?: string) {
    this.#machine.handle({ type: "start", password }, 0);
  }

  hear(message: PeerMessageInit): readonly ViewerSessionEffect[] {
    return this.#machine.handle({ type: "received", message: wire(message) }, 1);
  }

  challenge(): readonly ViewerSessionEffect[] {
    return this.hear({ case: "hash", value: { salt: "salt", challenge: "challenge" } });
  }

  answer(text: string, enableTrustedDevices = false): readonly ViewerSessionEffect[] {
    return this.hear({ case: "loginResponse", value: { union: { case: "error", value: text }, enableTrustedDevices } });
  }

  admit(): readonly ViewerSessionEffect[] {
    const value = { displays: [{ width: 640, height: 480 }] };
    return this.hear({ case: "loginResponse", value: { union: { case: "peerInfo", value } } });
  }

  password(password: string): readonly ViewerSessionEffect[] {
    return this.#machine.handle({ type: "passwordEntered", password }, 2);
  }

  /** The code and the secret that go out. */
  code(code: string, deviceSecret?: Uint8Array): readonly unknown[] {
    return this.#machine
      .handle({ type: "codeEntered", code, deviceSecret }, 2)
      .map((effect) => effect.type === "send" && effect.message.case === "auth2fa" && effect.message.value);
  }
}

/** A login that the host answers with a wish for a code. */
function asked(mayTrust = false): Talk {
  const talk = new Talk("right");
  talk.challenge();
  talk.answer(LoginError.secondFactorRequired, mayTrust);
  return talk;
}

test("a host asks for a code after the password, says so when it was wrong, and lets in with the right one", () => {
  const talk = new Talk("right");
  talk.challenge();
  const wish = { type: "askSecondFactor", mayTrust: true };
  assert.deepEqual(talk.answer(LoginError.secondFactorRequired, true), [{ ...wish, why: "required" }]);
  assert.deepEqual(talk.code("000000", SECRET), [{ code: "000000", hwid: SECRET }]);
  assert.deepEqual(talk.answer(LoginError.wrongSecondFactor), [{ ...wish, why: "wrong" }]);
  assert.deepEqual(talk.code("123456"), [{ code: "123456", hwid: new Uint8Array(0) }]);
  assert.equal(talk.admit()[0]?.type, "connected");
  assert.deepEqual(talk.proofs, ["right"], "the password went out once");
});

test("a code goes out once for each time the host has asked, and never unasked", () => {
  const talk = new Talk("right");
  assert.deepEqual(talk.code("123456"), []);
  talk.challenge();
  assert.deepEqual(talk.code("123456"), []);
  talk.answer(LoginError.secondFactorRequired);
  assert.equal(talk.code("123456").length, 1);
  assert.deepEqual(talk.code("123456"), []);
  talk.answer(LoginError.wrongPassword);
  assert.deepEqual(talk.code("123456"), [], "now it is the password that is asked for");
  talk.answer(LoginError.secondFactorRequired);
  talk.answer(LoginError.secondFactorRequired);
  assert.equal(talk.code("123456").length, 1, "a host that asks twice is answered once");
  talk.admit();
  assert.deepEqual(talk.code("123456"), []);
  assert.deepEqual(talk.answer(LoginError.secondFactorRequired), [], "after the login nothing is asked for");
});

test("no password is given to a host that asks for a code, and none by itself", () => {
  const talk = asked();
  assert.deepEqual(talk.password("right"), []);
  talk.answer(LoginError.wrongPassword);
  assert.deepEqual(talk.proofs, ["right"]);
  assert.equal(talk.password("other").length, 1);
  assert.deepEqual(talk.password("third"), [], "one for each time it is asked for");
  assert.deepEqual(talk.proofs, ["right", "other"]);
});

test("a host that asks for a code or a password before its challenge breaks the rules", () => {
  for (const text of [LoginError.secondFactorRequired, LoginError.wrongSecondFactor, LoginError.wrongPassword, ""]) {
    const talk = new Talk("right");
    assert.throws(() => talk.answer(text), { code: "unexpected-message" }, text);
    assert.deepEqual(talk.proofs, []);
  }
  assert.throws(() => new Talk("right").admit(), { code: "unexpected-message" });
});

test("a host that judges a code it never asked for breaks the rules", () => {
  const talk = new Talk("right");
  talk.challenge();
  assert.throws(() => talk.answer(LoginError.wrongSecondFactor), { code: "unexpected-message" });
});

test("a second challenge is a violation at the second factor too, and no proof goes out for it", () => {
  const talk = asked();
  assert.throws(() => talk.challenge(), { code: "unexpected-message" });
  assert.deepEqual(talk.proofs, ["right"]);
});

test("a host may let in without waiting for the code: its person clicked", () => {
  assert.equal(asked().admit()[0]?.type, "connected");
});

test("a host that wants its person asked is waited for; a password still helps, a code may follow", () => {
  const talk = new Talk();
  talk.challenge();
  assert.deepEqual(talk.answer(LoginError.waitForAcceptance), [{ type: "waitForAcceptance" }]);
  talk.password("right");
  talk.answer(LoginError.secondFactorRequired);
  assert.equal(talk.code("123456").length, 1);
  assert.deepEqual(talk.answer(LoginError.waitForAcceptance), [{ type: "waitForAcceptance" }]);
  assert.equal(talk.admit()[0]?.type, "connected");
  assert.deepEqual(talk.proofs, ["", "right"]);
});

const prefixes = [64, 56, 48].map((bits) => [`Too many wrong attempts for IPv6 prefix /${bits}`, "long"] as const);
for (const [text, pause] of [
  [LoginError.tryLater, "minute"],
  [LoginError.tooManyAttempts, "long"],
  ...prefixes,
] as const) {
  test(`"${text}" is a pause, after which what was refused may be tried again`, () => {
    const talk = new Talk("wrong");
    talk.challenge();
    assert.deepEqual(talk.answer(text), [{ type: "throttled", of: "password", pause, mayTrust: false }]);
    assert.equal(talk.password("right").length, 1);
    talk.answer(LoginError.secondFactorRequired, true);
    talk.code("000000");
    assert.deepEqual(talk.answer(text), [{ type: "throttled", of: "code", pause, mayTrust: true }]);
    assert.equal(talk.code("123456").length, 1);
  });
}

test("a host that filters addresses says so without a challenge", () => {
  const text = "Your ip is blocked by the peer";
  assert.deepEqual(new Talk("right").answer(text), [{ type: "finish", outcome: { type: "refused", text } }]);
});

test("texts are compared whole", () => {
  for (const text of [
    "2fa required",
    " 2FA Required",
    "Too many wrong attempts for IPv6 prefix /32",
    "x".repeat(60_000),
  ]) {
    const talk = new Talk("right");
    talk.challenge();
    assert.deepEqual(talk.answer(text), [{ type: "finish", outcome: { type: "refused", text } }]);
  }
});

test("on a path that may break unnoticed silence is looked into after a second, and two more end it", () => {
  const machine = new ViewerSessionMachine(() => ({ case: "loginRequest", value: {} }), { probes: true });
  const hear = (message: PeerMessageInit, now: number): readonly ViewerSessionEffect[] =>
    machine.handle({ type: "received", message: wire(message) }, now);
  machine.handle({ type: "start", password: "right" }, 0);
  hear({ case: "hash", value: { salt: "salt", challenge: "challenge" } }, 10);
  assert.equal(machine.deadline, 30_010, "before the login the host may be a person who thinks");
  hear({ case: "loginResponse", value: { union: { case: "peerInfo", value: { displays: [{ width: 1 }] } } } }, 20);
  assert.equal(machine.deadline, 1_020);
  const [probe] = machine.handle({ type: "timeout" }, 1_020);
  assert.ok(probe?.type === "send" && probe.message.case === "testDelay" && probe.message.value.fromClient === true);
  assert.equal(machine.deadline, 3_020);
  assert.deepEqual(hear({ case: "testDelay", value: { fromClient: true } }, 2_000), []);
  assert.equal(machine.deadline, 3_000, "an answer is a sign of life");
  machine.handle({ type: "timeout" }, 3_000);
  assert.deepEqual(machine.handle({ type: "timeout" }, 5_000), [{ type: "finish", outcome: { type: "silent" } }]);
});
