import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRandom } from "@pulpit/crypto-node";
import { Enrolment } from "./enrolment.ts";

const MINUTE = 60_000;

interface World {
  readonly enrolment: Enrolment;
  now: number;
}

function world(): World {
  const state: World = { now: 0, enrolment: new Enrolment(nodeRandom(), () => state.now) };
  return state;
}

/** What a right code does. */
const right = (): readonly string[] => ["recovery"];
const wrong = (): undefined => undefined;
const hex = (secret: Uint8Array): string => Buffer.from(secret).toString("hex");

test("nothing can be confirmed before it was begun, and nothing twice", () => {
  const { enrolment } = world();
  assert.throws(() => enrolment.confirm(right), { code: "not-begun" });
  enrolment.begin("123456789");
  assert.deepEqual(enrolment.confirm(right), ["recovery"]);
  assert.throws(() => enrolment.confirm(right), { code: "not-begun" });
});

test("after a wrong code another may be tried on the same secret", () => {
  const { enrolment } = world();
  const { uri, secret } = enrolment.begin("123456789");
  assert.match(uri, /^otpauth:\/\/totp\/Pulpit:123456789\?/);
  assert.ok(uri.includes(`secret=${secret}`));
  const seen: string[] = [];
  const noting = (then: typeof right | typeof wrong) => (bytes: Uint8Array) => {
    seen.push(hex(bytes));
    return then();
  };
  assert.throws(() => enrolment.confirm(noting(wrong)), { code: "wrong-code" });
  assert.deepEqual(enrolment.confirm(noting(right)), ["recovery"]);
  assert.equal(seen.length, 2);
  assert.equal(seen[0], seen[1]);
  assert.equal((seen[0] ?? "").length, 40);
});

test("a secret that was shown again is another one, and the old one is worth nothing", () => {
  const { enrolment } = world();
  const first = enrolment.begin("123456789");
  const second = enrolment.begin("123456789");
  assert.notEqual(first.secret, second.secret);
});

test("a secret that nobody confirmed runs out after a quarter of an hour", () => {
  const state = world();
  state.enrolment.begin("123456789");
  state.now = 15 * MINUTE;
  assert.throws(() => state.enrolment.confirm(wrong), { code: "wrong-code" });
  state.now += 1;
  assert.throws(() => state.enrolment.confirm(right), { code: "not-begun" });
});

test("when the factor could not be kept, it can be confirmed once more", () => {
  const { enrolment } = world();
  enrolment.begin("123456789");
  const full = new Error("disk full");
  assert.throws(
    () =>
      enrolment.confirm(() => {
        throw full;
      }),
    full,
  );
  assert.deepEqual(enrolment.confirm(right), ["recovery"]);
});
