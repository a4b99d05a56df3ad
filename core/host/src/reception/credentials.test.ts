import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { passwordHash } from "@pulpit/protocol";
import { codeAt } from "../../test/authenticator.ts";
import { MemorySecrets } from "../../test/memory-secrets.ts";
import { loginRequest } from "../../test/visitor.ts";
import { Credentials } from "./credentials.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const SECRET = new TextEncoder().encode("12345678901234567890");
const NOW = Date.UTC(2026, 0, 1);
const STEP = 30_000;
const DAY = 24 * 60 * 60_000;
const HWID = new Uint8Array(32).fill(9);

function open(store = new MemorySecrets()): { readonly store: MemorySecrets; readonly credentials: Credentials } {
  return { store, credentials: new Credentials({ crypto, random, store, ownSalt: "own", onFault: () => undefined }) };
}

/** With a second factor that was switched on an hour ago, and its recovery codes. */
function enrolled(): ReturnType<typeof open> & { readonly recovery: readonly string[] } {
  const opened = open();
  const recovery = opened.credentials.enrol(SECRET, codeAt(SECRET, NOW - 3_600_000), NOW - 3_600_000);
  assert.ok(recovery !== undefined);
  return { ...opened, recovery };
}

test("a permanent password comes with a salt of its own, and another one with another salt", () => {
  const { store, credentials } = open();
  assert.deepEqual([credentials.salt, credentials.permanentHash], ["own", undefined]);
  credentials.setPermanent("correct horse");
  const { salt } = credentials;
  assert.match(salt, /^[2-9a-km-z]{32}$/);
  assert.deepEqual(credentials.permanentHash, passwordHash(crypto, "correct horse", salt));
  credentials.setPermanent("correct horse");
  assert.notEqual(credentials.salt, salt, "a hash that somebody remembered is worth nothing any more");
  assert.ok(!JSON.stringify(store.kept).includes("correct horse"));
  credentials.clearPermanent();
  assert.deepEqual([credentials.salt, credentials.permanentHash], ["own", undefined]);
});

test("what was decided is there after a restart", () => {
  const first = enrolled();
  first.credentials.setPermanent("correct horse");
  first.credentials.trust(loginRequest(), HWID, NOW);
  const { credentials } = open(first.store);
  assert.deepEqual(credentials.permanentHash, first.credentials.permanentHash);
  assert.deepEqual(credentials.secondFactor, { on: true, recoveryCodes: 10 });
  assert.ok(credentials.isTrusted(loginRequest({ hwid: HWID }), NOW, DAY));
});

test("devices are forgotten when the password or the second factor changes", () => {
  for (const change of ["setPermanent", "clearPermanent", "enrol", "dropSecondFactor"] as const) {
    const { credentials } = enrolled();
    credentials.trust(loginRequest(), HWID, NOW);
    assert.equal(credentials.trusted.length, 1);
    if (change === "setPermanent") credentials.setPermanent("correct horse");
    else if (change === "enrol") credentials.enrol(SECRET, codeAt(SECRET, NOW), NOW);
    else credentials[change]();
    assert.deepEqual(credentials.trusted, [], change);
  }
});

test("on a full disk nothing of the owner's changes: neither what is kept nor what holds", () => {
  const { store, credentials, recovery } = enrolled();
  credentials.setPermanent("correct horse");
  const device = credentials.trust(loginRequest(), HWID, NOW);
  const { kept } = store;
  const { salt, permanentHash } = credentials;
  store.isFull = true;
  for (const change of [
    () => credentials.setPermanent("another"),
    () => credentials.clearPermanent(),
    () => credentials.enrol(new Uint8Array(20), codeAt(new Uint8Array(20), NOW), NOW),
    () => credentials.dropSecondFactor(),
    () => credentials.renewRecoveryCodes(),
    () => credentials.distrust(device ?? assert.fail()),
  ]) {
    assert.throws(change, /no space left/);
    assert.deepEqual([credentials.salt, credentials.permanentHash], [salt, permanentHash]);
    assert.deepEqual(credentials.secondFactor, { on: true, recoveryCodes: 10 });
    assert.deepEqual(credentials.trusted, [device]);
    assert.equal(store.kept, kept);
  }
  assert.ok(recovery.length > 0);
});

test("on a full disk the owner still gets in, and a code still holds once", () => {
  const { store, credentials, recovery } = enrolled();
  const { kept } = store;
  store.isFull = true;
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW), NOW), "code");
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW), NOW), undefined);
  assert.equal(credentials.takeCode(recovery[0] ?? "", NOW), "recovery");
  assert.equal(credentials.takeCode(recovery[0] ?? "", NOW), undefined);
  assert.notEqual(credentials.trust(loginRequest(), HWID, NOW), undefined);
  assert.equal(store.kept, kept);
  store.isFull = false;
  assert.equal(credentials.takeCode(recovery[1] ?? "", NOW), "recovery");
  assert.notEqual(store.kept, kept, "what happened meanwhile is kept with the next change");
});

test("secrets that can't be read are an error, not the same as none", () => {
  const store = new MemorySecrets();
  store.load = () => {
    throw new Error("unreadable");
  };
  assert.throws(() => open(store), /unreadable/);
});

test("codes of the step before and after are taken, those further off are not", () => {
  for (const [steps, taken] of [
    [-2, undefined],
    [-1, "code"],
    [0, "code"],
    [1, "code"],
    [2, undefined],
  ] as const) {
    const { credentials } = enrolled();
    assert.equal(credentials.takeCode(codeAt(SECRET, NOW + steps * STEP), NOW), taken, `${steps}`);
  }
});

test("a code holds once, and with it end all older ones", () => {
  const { credentials } = enrolled();
  const code = codeAt(SECRET, NOW);
  assert.equal(credentials.takeCode(code, NOW), "code");
  assert.equal(credentials.takeCode(code, NOW), undefined);
  assert.equal(credentials.takeCode(code, NOW + STEP - 1), undefined, "nor for as long as it would be valid");
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW - STEP), NOW), undefined);
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW + STEP), NOW), "code");
});

test("a code that was used is not taken again after the clock was set back, nor after a restart", () => {
  const { store, credentials } = enrolled();
  const code = codeAt(SECRET, NOW);
  assert.equal(credentials.takeCode(code, NOW), "code");
  for (const again of [credentials, open(store).credentials]) {
    for (const clock of [NOW, NOW - STEP, NOW - 10 * STEP, NOW + STEP]) {
      assert.equal(again.takeCode(code, clock), undefined);
      assert.equal(again.takeCode(codeAt(SECRET, clock - STEP), clock - STEP), undefined);
    }
  }
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW + 2 * STEP), NOW + 2 * STEP), "code");
});

test("the code that switched the second factor on does not let anybody in", () => {
  const { credentials } = open();
  const code = codeAt(SECRET, NOW);
  assert.ok(credentials.enrol(SECRET, code, NOW) !== undefined);
  assert.equal(credentials.takeCode(code, NOW), undefined);
});

test("a recovery code holds once, however it is typed, and nine are left", () => {
  const { credentials, recovery } = enrolled();
  const [first = "", second = ""] = recovery;
  assert.equal(credentials.takeCode(` ${first.toUpperCase().replace("-", " ")} `, NOW), "recovery");
  assert.equal(credentials.takeCode(first, NOW), undefined);
  assert.deepEqual(credentials.secondFactor, { on: true, recoveryCodes: 9 });
  assert.equal(credentials.takeCode(second.replace("-", ""), NOW), "recovery");
});

test("new recovery codes end the old ones", () => {
  const { credentials, recovery } = enrolled();
  const fresh = credentials.renewRecoveryCodes() ?? assert.fail();
  assert.equal(new Set([...fresh, ...recovery]).size, 20);
  assert.equal(credentials.takeCode(recovery[0] ?? "", NOW), undefined);
  assert.equal(credentials.takeCode(fresh[9] ?? "", NOW), "recovery");
});

test("without a second factor no code is right, and there are no recovery codes to renew", () => {
  const { credentials } = open();
  assert.equal(credentials.takeCode(codeAt(SECRET, NOW), NOW), undefined);
  assert.equal(credentials.renewRecoveryCodes(), undefined);
  const off = enrolled();
  off.credentials.dropSecondFactor();
  assert.equal(off.credentials.takeCode(off.recovery[0] ?? "", NOW), undefined);
  assert.deepEqual(off.credentials.secondFactor, { on: false, recoveryCodes: 0 });
});

test("nothing is switched on by a wrong code or with a secret of another length", () => {
  const { store, credentials } = open();
  assert.equal(credentials.enrol(SECRET, codeAt(SECRET, NOW - 5 * STEP), NOW), undefined);
  const short = SECRET.subarray(0, 10);
  assert.equal(credentials.enrol(short, codeAt(short, NOW), NOW), undefined);
  assert.deepEqual([credentials.secondFactor.on, store.kept], [false, { trusted: [] }]);
});

test("what is no code is none, however long", () => {
  const { credentials } = enrolled();
  for (const code of [
    "",
    " ",
    "-",
    "12345",
    "1234567",
    "abcdef",
    "١٢٣٤٥٦",
    "0".repeat(60_000),
    "\u0000",
    "-".repeat(60_000),
  ]) {
    assert.equal(credentials.takeCode(code, NOW), undefined);
  }
});
