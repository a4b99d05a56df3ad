import assert from "node:assert/strict";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { profile } from "../test/profile.ts";
import { vaultIn } from "./vault.ts";

const content = Uint8Array.of(1, 2, 3);

test("what was sealed opens again, also after a restart", (t) => {
  const folder = profile(t);
  const sealed = vaultIn(folder, nodeCrypto(), nodeRandom()).seal("thing", content);
  assert.deepEqual(vaultIn(folder, nodeCrypto(), nodeRandom()).open("thing", sealed), content);
  assert.equal(statSync(join(folder.path, "device.key")).size, 32);
  assert.equal(statSync(join(folder.path, "device.key")).mode & 0o777, 0o600);
});

test("one thing does not pass for another", (t) => {
  const vault = vaultIn(profile(t), nodeCrypto(), nodeRandom());
  const sealed = vault.seal("thing", content);
  for (const name of ["", "thin", "thing2", "other"]) assert.equal(vault.open(name, sealed), undefined, name);
});

test("every changed byte is noticed, and so is every missing one", (t) => {
  const vault = vaultIn(profile(t), nodeCrypto(), nodeRandom());
  const sealed = vault.seal("thing", content);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] = (changed[at] as number) ^ 1;
    assert.equal(vault.open("thing", changed), undefined, String(at));
    assert.equal(vault.open("thing", sealed.subarray(0, at)), undefined, String(at));
  }
});

test("the same content never looks the same", (t) => {
  const vault = vaultIn(profile(t), nodeCrypto(), nodeRandom());
  assert.notDeepEqual(vault.seal("thing", content), vault.seal("thing", content));
});

test("without the key nothing opens, and opening makes no key", (t) => {
  const folder = profile(t);
  const vault = vaultIn(folder, nodeCrypto(), nodeRandom());
  const sealed = vault.seal("thing", content);
  rmSync(join(folder.path, "device.key"));
  assert.equal(vault.open("thing", sealed), undefined);
  assert.equal(folder.readBytes("device.key"), undefined);
});

test("a key of another length is damaged, not filled up", (t) => {
  const folder = profile(t);
  writeFileSync(join(folder.path, "device.key"), "short");
  assert.throws(() => vaultIn(folder, nodeCrypto(), nodeRandom()).seal("thing", content), { code: "damaged" });
});
