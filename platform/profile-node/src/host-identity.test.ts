import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { otherKeys, written } from "../test/journals.ts";
import { profile } from "../test/profile.ts";
import { ProfileFolder } from "./folder.ts";
import { changeHostId, type HostIdentity, importHostIdentity, loadHostIdentity, renewHostId } from "./host-identity.ts";
import { verifyJournal } from "./journal/verify.ts";

const crypto = nodeCrypto();
const random = nodeRandom();
const withoutId = ({ id: _, ...rest }: HostIdentity): Omit<HostIdentity, "id"> => rest;

test("an installation keeps its ID and key", (t) => {
  const folder = profile(t);
  const first = loadHostIdentity(folder, crypto, random);
  assert.match(first.id, /^\d{9}$/);
  assert.deepEqual(loadHostIdentity(folder, crypto, random), first);
});

test("of two that make an identity at once both have the first", (t) => {
  const folder = profile(t);
  let first: HostIdentity | undefined;
  const second = loadHostIdentity(folder, crypto, {
    bytes(length) {
      first ??= loadHostIdentity(folder, crypto, random);
      return random.bytes(length);
    },
  });
  assert.deepEqual(second, first);
});

test("another ID leaves key, uuid and salt as they are", (t) => {
  const folder = profile(t);
  const first = loadHostIdentity(folder, crypto, random);
  const renewed = renewHostId(folder, crypto, random);
  assert.notEqual(renewed.id, first.id);
  assert.deepEqual(withoutId(renewed), withoutId(first));
  const chosen = changeHostId(folder, crypto, "workshop-1");
  assert.deepEqual(chosen, { ...first, id: "workshop-1" });
  assert.deepEqual(loadHostIdentity(folder, crypto, random), chosen);
});

test("only the owner can read it", (t) => {
  const folder = profile(t);
  loadHostIdentity(folder, crypto, random);
  assert.equal(statSync(join(folder.path, "host.json")).mode & 0o777, 0o600);
});

test("a damaged identity is an error, never replaced in silence", (t) => {
  const folder = profile(t);
  for (const content of ["{", "{}", "null", '{"id":"1","uuid":"","seed":"AA==","salt":"x"}']) {
    writeFileSync(join(folder.path, "host.json"), content);
    assert.throws(() => loadHostIdentity(folder, crypto, random), { code: "damaged" });
    assert.throws(() => changeHostId(folder, crypto, "workshop-1"), { code: "damaged" });
  }
});

test("what is imported replaces what was there, which stays beside it", (t) => {
  const folder = profile(t);
  const before = loadHostIdentity(folder, crypto, random);
  const record = readFileSync(join(folder.path, "host.json"), "utf8");
  const after = importHostIdentity(folder, crypto, { id: "987654321", keys: otherKeys, uuid: Uint8Array.of(1, 2) });
  assert.deepEqual(after, { id: "987654321", keys: otherKeys, uuid: Uint8Array.of(1, 2), salt: before.salt });
  assert.deepEqual(loadHostIdentity(folder, crypto, random), after);
  importHostIdentity(folder, crypto, { salt: "abcdef" });
  assert.deepEqual(readdirSync(folder.path).sort(), ["host.before-1.json", "host.before-2.json", "host.json"]);
  assert.equal(readFileSync(join(folder.path, "host.before-1.json"), "utf8"), record);
  assert.equal(statSync(join(folder.path, "host.before-1.json")).mode & 0o777, 0o600);
});

test("with another key the old journal moves aside and can still be checked", async (t) => {
  const folder = profile(t);
  const { keys } = loadHostIdentity(folder, crypto, random);
  written(folder, ["1", "2"], keys);
  importHostIdentity(folder, crypto, { id: "987654321" });
  assert.deepEqual(await verifyJournal(folder, crypto, keys.publicKey), { type: "whole", entries: 2 });
  importHostIdentity(folder, crypto, { keys: otherKeys });
  assert.deepEqual(await verifyJournal(folder, crypto, otherKeys.publicKey), { type: "whole", entries: 0 });
  const aside = readdirSync(folder.path).find((name) => name.startsWith("journal-of-"));
  const retired = new ProfileFolder(join(folder.path, aside as string));
  assert.deepEqual(await verifyJournal(retired, crypto, keys.publicKey), { type: "whole", entries: 2 });
});

test("keys that do not belong together change nothing", (t) => {
  const folder = profile(t);
  const before = loadHostIdentity(folder, crypto, random);
  const keys = { publicKey: before.keys.publicKey, secretKey: otherKeys.secretKey };
  assert.throws(() => importHostIdentity(folder, crypto, { keys }), RangeError);
  assert.throws(() => importHostIdentity(folder, crypto, { uuid: new Uint8Array(65) }), RangeError);
  assert.deepEqual(loadHostIdentity(folder, crypto, random), before);
  assert.deepEqual(readdirSync(folder.path), ["host.json"]);
});

test("without an identity there is nothing to change", (t) => {
  const folder = profile(t);
  assert.throws(() => changeHostId(folder, crypto, "workshop-1"), { code: "missing" });
  assert.throws(() => importHostIdentity(folder, crypto, { id: "workshop-1" }), { code: "missing" });
});
