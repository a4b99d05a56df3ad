import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { loadServerKey, type ServerKey } from "./key-files.ts";

const crypto = nodeCrypto();
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "pulpit-key-"));
});
after(() => rmSync(folder, { recursive: true }));

const load = (name: string): ServerKey => loadServerKey(join(folder, name), crypto, nodeRandom());

test("a key made elsewhere in the stock format is taken over, with or without an end of line", () => {
  const { secretKey, publicKey } = crypto.signKeyPair(new Uint8Array(32).fill(9));
  const publicText = Buffer.from(publicKey).toString("base64");
  load("stock");
  for (const end of ["", "\n", "\r\n"]) {
    writeFileSync(join(folder, "stock", "id_ed25519"), Buffer.from(secretKey).toString("base64") + end);
    assert.deepEqual(load("stock"), { secretKey, publicKey, publicText });
  }
});

test("every letter that is changed, left out or added is noticed, and the file is left as it is", () => {
  load("damaged");
  const file = join(folder, "damaged", "id_ed25519");
  const good = readFileSync(file, "utf8");
  const damaged = ["", good.slice(0, -4), good.slice(1), `${good}AAAA`, Buffer.from(good, "base64").toString("hex")];
  for (let i = 0; i < 86; i++) {
    const letter = good[i] === "A" ? "B" : "A";
    damaged.push(good.slice(0, i) + letter + good.slice(i + 1));
  }
  for (const text of damaged) {
    writeFileSync(file, text);
    assert.throws(() => load("damaged"), /holds no server key/, text);
    assert.equal(readFileSync(file, "utf8"), text);
  }
});

test("the public key is one whose text fits into file names and URLs", () => {
  for (let i = 0; i < 20; i++) assert.doesNotMatch(load(`fresh-${i}`).publicText, /[/:]/);
  assert.ok(existsSync(join(folder, "fresh-0", "id_ed25519.pub")));
});
