import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import type { HostSecretStore, HostSecrets, TrustedDevice } from "@pulpit/host";
import { profile } from "../test/profile.ts";
import type { ProfileFolder } from "./folder.ts";
import { hostSecretsIn } from "./host-secrets.ts";
import { vaultIn } from "./vault.ts";

const device: TrustedDevice = {
  hwid: new Uint8Array(32).fill(7),
  id: "123456789",
  name: "Grażyna",
  platform: "Linux",
  since: 1_700_000_000_000,
};
const full: HostSecrets = {
  permanentHash: new Uint8Array(32).fill(1),
  salt: "abcdef",
  secondFactor: { secret: new Uint8Array(20).fill(2), lastStep: 56_666_666, recovery: [new Uint8Array(32).fill(3)] },
  trusted: [device],
};

function opened(t: TestContext): { folder: ProfileFolder; store: HostSecretStore; again: () => HostSecretStore } {
  const folder = profile(t);
  const again = (): HostSecretStore => hostSecretsIn(folder, vaultIn(folder, nodeCrypto(), nodeRandom()));
  return { folder, store: again(), again };
}

test("a new host has no secrets", (t) => {
  assert.deepEqual(opened(t).store.load(), { trusted: [] });
});

test("secrets come back as they were kept", (t) => {
  const { store, again } = opened(t);
  for (const secrets of [full, { trusted: [] }, { salt: "s", trusted: [device] }]) {
    store.save(secrets);
    assert.deepEqual(again().load(), secrets);
  }
});

test("nothing of them can be read in the file", (t) => {
  const { folder, store } = opened(t);
  store.save(full);
  const text = readFileSync(join(folder.path, "secrets.json"), "utf8");
  assert.doesNotMatch(text, /abcdef|Grażyna|123456789|trusted|AQEBAQ/);
});

test("secrets that do not open are an error that says what to do, never no password", (t) => {
  const { folder, store, again } = opened(t);
  store.save(full);
  const path = join(folder.path, "secrets.json");
  const good = readFileSync(path, "utf8");
  for (const bad of [
    "",
    "{",
    "null",
    "{}",
    '{"sealed":7}',
    '{"sealed":""}',
    good.replace(/"sealed": "..../, '"sealed": "AAAA'),
  ]) {
    writeFileSync(path, bad);
    assert.throws(() => again().load(), /restore/, bad);
  }
  writeFileSync(path, good);
  rmSync(join(folder.path, "device.key"));
  assert.throws(() => again().load(), { code: "sealed", message: /device\.key.*set the password/ });
});

test("a record of another kind that the key does open is damaged", (t) => {
  const { folder, again } = opened(t);
  const vault = vaultIn(folder, nodeCrypto(), nodeRandom());
  const put = (record: unknown): void => {
    const plain = new TextEncoder().encode(JSON.stringify(record));
    folder.write("secrets.json", {
      sealed: Buffer.from(vault.seal("pulpit-host-secrets-1", plain)).toString("base64"),
    });
  };
  const hash = Buffer.alloc(32).toString("base64");
  put({ permanentHash: hash, salt: "s", trusted: [] });
  assert.equal(again().load().salt, "s");
  const bad: unknown[] = [
    null,
    [],
    {},
    { trusted: {} },
    { permanentHash: hash, trusted: [] },
    { permanentHash: "AAAA", salt: "s", trusted: [] },
    { permanentHash: null, salt: "s", trusted: [] },
    { salt: "s".repeat(65), trusted: [] },
    { secondFactor: {}, trusted: [] },
    { secondFactor: { secret: hash, lastStep: 1, recovery: [] }, trusted: [] },
    { trusted: [{ hwid: hash, id: "", name: "", platform: "", since: -1 }] },
    { trusted: [{ hwid: hash, id: "x".repeat(65), name: "", platform: "", since: 0 }] },
    { trusted: Array(65).fill({ hwid: hash, id: "", name: "", platform: "", since: 0 }) },
  ];
  for (const record of bad) {
    put(record);
    assert.throws(() => again().load(), { code: "damaged" }, JSON.stringify(record));
  }
});

test("what could not be loaded again is not kept, and the old ones hold", (t) => {
  const { store, again } = opened(t);
  store.save(full);
  const tooMany = { ...full, trusted: Array<TrustedDevice>(65).fill(device) };
  const noSalt: HostSecrets = { permanentHash: new Uint8Array(32), trusted: [] };
  for (const secrets of [tooMany, noSalt]) assert.throws(() => store.save(secrets), RangeError);
  assert.deepEqual(again().load(), full);
});

test("saving says so when the disk takes nothing", (t) => {
  const { folder, store } = opened(t);
  mkdirSync(join(folder.path, "secrets.json"));
  assert.throws(() => store.save(full), { code: "not-a-file" });
});
