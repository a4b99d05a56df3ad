import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { passwordHash, passwordProof } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type LoginRequest } from "@pulpit/wire";
import { OneTimePassword } from "./one-time-password.ts";
import { type Match, Passwords, type ValidPasswords } from "./passwords.ts";
import { type Opened, RecentSessions } from "./recent-sessions.ts";

const crypto = nodeCrypto();
const SALT = "salt-of-this-host";
const CHALLENGE = "p4q9rap4q9ra2345";

const hashOf = (password: string, salt = SALT): Uint8Array => passwordHash(crypto, password, salt);
const proofOf = (password: string, challenge = CHALLENGE, salt = SALT): Uint8Array =>
  passwordProof(crypto, hashOf(password, salt), challenge);

function request(password: Uint8Array, sessionId = 42n): LoginRequest {
  const value = { myId: "viewer", myName: "Ada", sessionId, password };
  const message = decodeMessage(encodeMessage({ case: "loginRequest", value }));
  assert.ok(message.case === "loginRequest");
  return message.value;
}

const ADDRESS = "192.0.2.1";
const NOBODY = new Uint8Array(32).fill(1);
const opened = (password: string): Opened => ({
  passwordHash: hashOf(password),
  by: "one-time",
  codePassed: true,
  address: ADDRESS,
});

function host(valid: Partial<ValidPasswords> = {}): {
  oneTime: OneTimePassword;
  recent: RecentSessions;
  match(proof: Uint8Array, sessionId?: bigint, address?: string): Match | undefined;
} {
  const oneTime = new OneTimePassword(nodeRandom(), () => ({ length: 8, digits: false }));
  const recent = new RecentSessions();
  const passwords = new Passwords(crypto, recent, NOBODY);
  return {
    oneTime,
    recent,
    match: (proof, sessionId, address = ADDRESS) =>
      passwords.match(request(proof, sessionId), {
        valid: { salt: SALT, oneTime: oneTime.value, permanentHash: undefined, ...valid },
        ...{ challenge: CHALLENGE, address, at: 0 },
      }),
  };
}

test("the one-time password gets in, until it changes", () => {
  const { oneTime, match } = host();
  const old = oneTime.value;
  assert.deepEqual(match(proofOf(old)), {
    ...{ by: "one-time", first: "one-time", codePassed: false },
    passwordHash: hashOf(old),
  });
  oneTime.renew();
  assert.equal(match(proofOf(old)), undefined);
  assert.equal(match(proofOf(oneTime.value))?.by, "one-time");
});

test("upper case, another salt, another challenge, the bare hash and cut proofs do not get in", () => {
  const { oneTime, match } = host();
  // A value of digits alone has no upper case.
  while (oneTime.value.toUpperCase() === oneTime.value) oneTime.renew();
  const proof = proofOf(oneTime.value);
  const wrong = [
    proofOf(oneTime.value.toUpperCase()),
    proofOf(oneTime.value, "another challenge"),
    proofOf(oneTime.value, CHALLENGE, "another salt"),
    hashOf(oneTime.value),
    proof.subarray(0, 31),
    Uint8Array.from([...proof, 0]),
    new Uint8Array(0),
    new TextEncoder().encode(oneTime.value),
  ];
  for (const given of wrong) assert.equal(match(given), undefined);
  assert.equal(match(proof)?.by, "one-time");
});

test("who was inside comes back with the password of then, and only as the same session", () => {
  const { oneTime, recent, match } = host();
  const old = oneTime.value;
  recent.started(request(proofOf(old)), opened(old));
  recent.ended(request(proofOf(old)), true, 0);
  oneTime.renew();
  assert.equal(match(proofOf(old), 43n), undefined);
  assert.deepEqual(match(proofOf(old)), {
    ...{ by: "recent", first: "one-time", codePassed: true },
    passwordHash: hashOf(old),
  });
});

test("one wrong try, and the way back is closed", () => {
  const { oneTime, recent, match } = host();
  const old = oneTime.value;
  recent.started(request(proofOf(old)), opened(old));
  recent.ended(request(proofOf(old)), true, 0);
  oneTime.renew();
  assert.equal(match(proofOf("wrong")), undefined);
  assert.equal(match(proofOf(old)), undefined);
});

test("the way back is closed by a wrong try only for the session that it names", () => {
  const { oneTime, recent, match } = host();
  const old = oneTime.value;
  recent.started(request(proofOf(old)), opened(old));
  oneTime.renew();
  assert.equal(match(proofOf("wrong"), 43n), undefined);
  assert.equal(match(proofOf(old))?.by, "recent");
});

test("both passwords hold beside each other, and one that is switched off holds no more", () => {
  const permanentHash = hashOf("correct horse");
  const both = host({ permanentHash });
  assert.equal(both.match(proofOf("correct horse"))?.by, "permanent");
  assert.equal(both.match(proofOf(both.oneTime.value))?.by, "one-time");
  const permanent = host({ permanentHash, oneTime: undefined });
  assert.equal(permanent.match(proofOf(permanent.oneTime.value)), undefined);
  assert.equal(permanent.match(proofOf("correct horse"))?.by, "permanent");
  const none = host({ oneTime: undefined });
  for (const password of ["correct horse", none.oneTime.value, "", "undefined"]) {
    assert.equal(none.match(proofOf(password)), undefined);
  }
});

test("where there is no password, not even the proof of what stands in for it gets in", () => {
  const none = host({ oneTime: undefined });
  assert.equal(none.match(passwordProof(crypto, NOBODY, CHALLENGE)), undefined);
});

test("a kind of password that is switched off lets nobody back in either", () => {
  const off = host({ oneTime: undefined, permanentHash: hashOf("correct horse") });
  off.recent.started(request(proofOf("k7m3xz22")), opened("k7m3xz22"));
  assert.equal(off.match(proofOf("k7m3xz22")), undefined);
  const on = host();
  on.recent.started(request(proofOf("correct horse")), { ...opened("correct horse"), by: "permanent" });
  assert.equal(on.match(proofOf("correct horse")), undefined);
});
