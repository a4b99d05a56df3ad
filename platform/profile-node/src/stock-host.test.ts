import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "@pulpit/crypto-node";
import fc from "fast-check";
import { readStockHost, type StockHost } from "./stock-host.ts";

const crypto = nodeCrypto();
const machineId = new TextEncoder().encode("made-up-machine-id");
const keys = crypto.signKeyPair(new Uint8Array(32).fill(5));
const salt = "x7Kd2a";
const hash = crypto.sha256(new TextEncoder().encode(`Grüße-42${salt}`));
const base64 = (data: Uint8Array): string => Buffer.from(data).toString("base64");
const padded = (key: Uint8Array): Uint8Array => Buffer.concat([key, new Uint8Array(32)]).subarray(0, 32);

/** The present layout: 1, nonce, secretbox. */
function sealed(text: string, key: Uint8Array = machineId): string {
  const nonce = new Uint8Array(24).fill(9);
  const box = crypto.secretBox(new TextEncoder().encode(text), nonce, padded(key));
  return base64(Buffer.concat([[1], nonce, box].map((part) => Buffer.from(part))));
}

/** The older one: secretbox, nonce of zeros. */
function sealedBefore(text: string, key: Uint8Array = machineId): string {
  return base64(crypto.secretBox(new TextEncoder().encode(text), new Uint8Array(24), padded(key)));
}

const pair = `key_pair = [[${keys.secretKey.join(",")}],[${keys.publicKey.join(",")}]]\n`;
const read = (text: string): StockHost => readStockHost(text, machineId, crypto);

test("a whole configuration is taken over", () => {
  const text = `enc_id = '00${sealed("987654321")}'
password = '01${sealed(`00${base64(hash)}`)}'
salt = '${salt}'
${pair}key_confirmed = true
[keys_confirmed]
"id.example" = true
`;
  assert.deepEqual(read(text), { id: "987654321", keys, salt, permanentHash: hash, problems: [] });
});

test("every form of a password gives the same hash", () => {
  const h1 = `00${base64(hash)}`;
  const forms = [
    "Grüße-42",
    `00${sealed("Grüße-42")}`,
    `00${sealedBefore("Grüße-42")}`,
    `01${sealed(h1)}`,
    `01${sealedBefore(h1)}`,
    `01${sealed(h1, keys.publicKey)}`,
    `00${sealedBefore("Grüße-42", keys.publicKey)}`,
  ];
  for (const form of forms) {
    const { permanentHash, problems } = read(`password = '${form}'\nsalt = '${salt}'\n${pair}`);
    assert.deepEqual({ permanentHash, problems }, { permanentHash: hash, problems: [] }, form);
  }
});

test("an identifier longer than a key is cut", () => {
  const long = new TextEncoder().encode("0123456789abcdef0123456789abcdef-and-more");
  const text = `enc_id = '00${sealed("987654321", long)}'`;
  assert.equal(readStockHost(text, long, crypto).id, "987654321");
});

test("an ID is read in either form", () => {
  assert.equal(read("id = '987654321'").id, "987654321");
  assert.equal(read(`id = '111111111'\nenc_id = '00${sealed("workshop-1")}'`).id, "workshop-1");
  assert.equal(read(`id = '111111111'\nenc_id = '00${sealed("x", keys.publicKey)}'`).id, "111111111");
});

test("what can't be taken over is left out and named", () => {
  const secret = keys.secretKey.join(",");
  const cases: readonly [text: string, problems: StockHost["problems"]][] = [
    ["= nonsense", ["not-toml"]],
    [`a = '${"x".repeat(300_000)}'`, ["not-toml"]],
    [`enc_id = '00${sealed("987654321", Uint8Array.of(1))}'`, ["id-unreadable"]],
    [`enc_id = '00${sealed("no ID")}'`, ["id-invalid"]],
    ["id = '12'", ["id-invalid"]],
    [`password = 'plain'`, ["password-without-salt"]],
    [`password = '01${sealed(`00${base64(hash)}`)}'`, ["password-without-salt"]],
    [`salt = 's'\npassword = '00${sealed("x", Uint8Array.of(1))}'`, ["password-unreadable"]],
    [`salt = 's'\npassword = '01${sealed("Grüße-42")}'`, ["password-unreadable"]],
    [`salt = 's'\npassword = '01${sealed("00AAAA")}'`, ["password-unreadable"]],
    ["salt = 's'\npassword = '01plain'", ["password-unreadable"]],
    [`salt = 's'\npassword = '${"x".repeat(129)}'`, ["password-unreadable"]],
    ["salt = 's'\npassword = 7", ["password-unreadable"]],
    [`salt = '${"s".repeat(65)}'`, ["salt-invalid"]],
    ["salt = 7", ["salt-invalid"]],
    ["key_pair = 7", ["keys-invalid"]],
    ["key_pair = [[1],[2]]", ["keys-invalid"]],
    [`key_pair = [[${secret}],[${new Uint8Array(32).join(",")}]]`, ["keys-invalid"]],
    [`key_pair = [[${secret.replace(/^\d+/, "256")}],[${keys.publicKey.join(",")}]]`, ["keys-invalid"]],
    [`key_pair = [[${secret.replace(/\d+$/, "0")}],[${keys.publicKey.join(",")}]]`, ["keys-invalid"]],
  ];
  for (const [text, problems] of cases) {
    const { id, keys: pairRead, permanentHash, problems: found } = read(text);
    assert.deepEqual(found, problems, text.slice(0, 100));
    assert.deepEqual([id, pairRead, permanentHash], [undefined, undefined, undefined], text.slice(0, 100));
  }
});

test("an empty configuration has nothing wrong with it", () => {
  for (const text of ["", "password = ''\nsalt = ''\nid = ''\nkey_pair = [[],[]]"]) {
    assert.deepEqual(read(text), { permanentHash: undefined, problems: [] });
  }
});

test("no configuration, however strange, makes reading fail", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.array(fc.integer())), fc.constant({}));
  const names = fc.constantFrom("id", "enc_id", "password", "salt", "key_pair");
  fc.assert(
    fc.property(fc.dictionary(names, value), fc.string(), (file, junk) => {
      const lines = Object.entries(file).map(([name, content]) => `${name} = ${JSON.stringify(content)}`);
      read(lines.join("\n"));
      read(junk);
    }),
  );
});
