import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Crypto, Random } from "@pulpit/protocol";
import { ProfileFolder } from "./folder.ts";
import { loadHostIdentity, renewHostId } from "./host-identity.ts";
import { knownHostsIn } from "./known-hosts.ts";

let counter = 0;
const random: Random = { bytes: (length) => Uint8Array.from({ length }, () => counter++ & 255) };
const crypto = {
  signKeyPair: (seed: Uint8Array) => ({ publicKey: seed, secretKey: Buffer.concat([seed, seed]) }),
} as unknown as Crypto;

function folder(t: TestContext): ProfileFolder {
  const path = mkdtempSync(join(tmpdir(), "pulpit-profile-"));
  t.after(() => rmSync(path, { recursive: true }));
  return new ProfileFolder(join(path, "profile"));
}

test("an installation keeps its ID and key", (t) => {
  const profile = folder(t);
  const first = loadHostIdentity(profile, crypto, random);
  assert.match(first.id, /^\d{9}$/);
  assert.deepEqual(loadHostIdentity(profile, crypto, random), first);
});

test("a new ID leaves key, uuid and salt as they are", (t) => {
  const profile = folder(t);
  const first = loadHostIdentity(profile, crypto, random);
  const second = renewHostId(profile, crypto, random);
  assert.notEqual(second.id, first.id);
  const parts = ({ uuid, keys, salt }: typeof first): string[] => [uuid.join(), keys.publicKey.join(), salt];
  assert.deepEqual(parts(second), parts(first));
});

test("only the owner can read the profile", (t) => {
  const profile = folder(t);
  loadHostIdentity(profile, crypto, random);
  assert.equal(statSync(profile.path).mode & 0o777, 0o700);
  assert.equal(statSync(join(profile.path, "host.json")).mode & 0o777, 0o600);
});

test("a damaged identity is an error, never replaced in silence", (t) => {
  const profile = folder(t);
  for (const content of ["{", "{}", '{"id":"1","uuid":"","seed":"AA==","salt":"x"}']) {
    writeFileSync(join(profile.path, "host.json"), content);
    assert.throws(() => loadHostIdentity(profile, crypto, random), /damaged/);
  }
});

test("a pinned key is found again by server and host", async (t) => {
  const known = knownHostsIn(folder(t));
  await known.set("server", "123456789", Uint8Array.of(1, 2, 3));
  assert.deepEqual(await known.get("server", "123456789"), Uint8Array.of(1, 2, 3));
  assert.equal(await known.get("other", "123456789"), undefined);
});
