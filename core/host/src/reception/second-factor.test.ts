import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import fc from "fast-check";
import { codeAt } from "../../test/authenticator.ts";
import { codeStep, freshRecoveryCodes, provisioning, recoveryHash } from "./second-factor.ts";

const SECRET = new TextEncoder().encode("12345678901234567890");

// docs/protocol/session.md, section 10.1, after RFC 6238.
for (const [seconds, code] of [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
] as const) {
  test(`the code at ${seconds} s is that of the specification`, () => {
    assert.equal(codeStep(SECRET, code, seconds * 1000), Math.floor(seconds / 30));
    assert.equal(codeAt(SECRET, seconds * 1000), code);
  });
}

test("a code belongs to the step it was made for, one step off at most", () => {
  const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 });
  const times = fc.integer({ min: 90_000, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(secrets, times, fc.integer({ min: -3, max: 3 }), (secret, wall, off) => {
      const step = codeStep(secret, codeAt(secret, wall + off * 30_000), wall);
      const now = Math.floor(wall / 30_000);
      // Two steps may have the same code by chance; what is found is near in any case.
      if (Math.abs(off) <= 1) assert.ok(step !== undefined && Math.abs(step - now) <= 1);
      else assert.ok(step === undefined || codeAt(secret, step * 30_000) === codeAt(secret, wall + off * 30_000));
    }),
  );
});

test("blanks and hyphens in a code don't count, anything else does", () => {
  const wall = 59_000;
  for (const code of ["287082", "287 082", " 287-082 "]) assert.equal(codeStep(SECRET, code, wall), 1, code);
  for (const code of ["28708", "2870822", "287082x", "0x287082", "２８７０８２", ""])
    assert.equal(codeStep(SECRET, code, wall), undefined);
});

test("an authenticator gets the secret, the issuer and whose it is", () => {
  const { uri, secret } = provisioning(SECRET, "123456789");
  assert.equal(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  const url = new URL(uri);
  assert.equal(url.protocol, "otpauth:");
  assert.match(decodeURIComponent(url.pathname), /Pulpit:123456789$/);
  const { searchParams } = url;
  assert.deepEqual(
    ["secret", "issuer", "algorithm", "digits", "period"].map((name) => searchParams.get(name)),
    [secret, "Pulpit", "SHA1", "6", "30"],
  );
});

test("ten recovery codes are made at a time, all different, of symbols that nobody confuses", () => {
  const codes = freshRecoveryCodes(nodeRandom());
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[2-9a-km-z]{5}-[2-9a-km-z]{5}$/);
});

test("of a recovery code a hash is kept, the same however it is typed, another one for another code", () => {
  const crypto = nodeCrypto();
  const hash = (code: string): string => Buffer.from(recoveryHash(crypto, code)).toString("hex");
  for (const typed of ["ABCDE-FGHJK", "abcdefghjk", " abcde fghjk ", "ab-cd-ef-gh-jk"])
    assert.equal(hash(typed), hash("abcde-fghjk"));
  for (const other of ["abcde-fghjm", "abcde-fghj", "abcde_fghjk", ""])
    assert.notEqual(hash(other), hash("abcde-fghjk"));
});
