import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { MemorySecrets } from "../../test/memory-secrets.ts";
import { loginRequest } from "../../test/visitor.ts";
import { Credentials } from "./credentials.ts";

const crypto = nodeCrypto();
const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60_000;
const HWID = new Uint8Array(32).fill(9);
const known = { myId: "v", myName: "Eve", myPlatform: "Linux" };

function trusting(fields: Parameters<typeof loginRequest>[0] = known): Credentials {
  const store = new MemorySecrets();
  const credentials = new Credentials({
    crypto,
    random: nodeRandom(),
    store,
    ownSalt: "own",
    onFault: () => undefined,
  });
  credentials.trust(loginRequest(fields), HWID, NOW);
  assert.deepEqual(store.kept.trusted[0]?.hwid, crypto.sha256(HWID), "what is kept is a hash");
  return credentials;
}

test("a device is trusted for as long as the owner says, to the millisecond", () => {
  const credentials = trusting();
  const request = loginRequest({ ...known, hwid: HWID });
  assert.ok(credentials.isTrusted(request, NOW, 30 * DAY));
  assert.ok(credentials.isTrusted(request, NOW + 30 * DAY, 30 * DAY));
  assert.ok(!credentials.isTrusted(request, NOW + 30 * DAY + 1, 30 * DAY));
  assert.ok(!credentials.isTrusted(request, NOW + 2 * DAY, DAY), "the owner has shortened it meanwhile");
});

test("a device from the future is not trusted: the clock was set back", () => {
  const credentials = trusting();
  assert.ok(!credentials.isTrusted(loginRequest({ ...known, hwid: HWID }), NOW - 1, 30 * DAY));
});

test("a device is trusted only as who it was, with the secret it gave", () => {
  const credentials = trusting();
  for (const other of [
    { myId: "w" },
    { myName: "Ada" },
    { myPlatform: "Windows" },
    { hwid: new Uint8Array(32).fill(8) },
    { hwid: HWID.subarray(0, 31) },
    { hwid: Uint8Array.from([...HWID, 0]) },
    { hwid: new Uint8Array(0) },
    // What is kept is no secret: it is worth nothing itself.
    { hwid: crypto.sha256(HWID) },
  ]) {
    assert.ok(
      !credentials.isTrusted(loginRequest({ ...known, hwid: HWID, ...other }), NOW, 30 * DAY),
      JSON.stringify(other),
    );
  }
});

test("a secret that says nothing about a device, and names too long to be compared, are not remembered", () => {
  const credentials = trusting();
  assert.equal(credentials.trust(loginRequest(known), new Uint8Array(15), NOW), undefined);
  assert.equal(
    credentials.trust(loginRequest({ ...known, myName: "x".repeat(65) }), new Uint8Array(32), NOW),
    undefined,
  );
  assert.equal(credentials.trusted.length, 1);
});

test("the same device is remembered once, from the last time on", () => {
  const credentials = trusting();
  credentials.trust(loginRequest({ ...known, myName: "Ada" }), HWID, NOW + DAY);
  assert.deepEqual(
    credentials.trusted.map(({ name, since }) => [name, since]),
    [["Ada", NOW + DAY]],
  );
});

test("64 devices are remembered; the one trusted longest ago makes room", () => {
  const credentials = trusting();
  for (let i = 1; i <= 64; i++) credentials.trust(loginRequest(known), new Uint8Array(32).fill(100 + i), NOW + i);
  assert.equal(credentials.trusted.length, 64);
  assert.ok(!credentials.isTrusted(loginRequest({ ...known, hwid: HWID }), NOW + 64, DAY));
  assert.ok(credentials.isTrusted(loginRequest({ ...known, hwid: new Uint8Array(32).fill(101) }), NOW + 64, DAY));
});

test("a device that the owner forgets is a stranger again, and the others stay", () => {
  const credentials = trusting();
  const other = new Uint8Array(32).fill(7);
  credentials.trust(loginRequest(known), other, NOW);
  credentials.distrust(credentials.trusted[0] ?? assert.fail());
  assert.ok(!credentials.isTrusted(loginRequest({ ...known, hwid: HWID }), NOW, DAY));
  assert.ok(credentials.isTrusted(loginRequest({ ...known, hwid: other }), NOW, DAY));
});
