import assert from "node:assert/strict";
import { test } from "node:test";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { nodeCrypto } from "@pulpit/crypto-node";
import { browserCompression } from "./compression.ts";
import { browserCrypto } from "./crypto.ts";

const range = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const ours = browserCrypto();
const sodium = nodeCrypto();

test("signatures, boxes and secret boxes are libsodium's, byte for byte", () => {
  const nonce = range(3, 24);
  for (const length of [0, 1, 15, 16, 17, 64, 1000]) {
    const message = range(length, length);
    const pair = ours.signKeyPair(range(0x20));
    assert.equal(hex(pair.secretKey), hex(sodium.signKeyPair(range(0x20)).secretKey));
    assert.equal(hex(ours.sign(message, pair.secretKey)), hex(sodium.sign(message, pair.secretKey)));
    assert.equal(hex(ours.signOpen(sodium.sign(message, pair.secretKey), pair.publicKey)), hex(message));
    const a = ours.boxKeyPair(range(0x40));
    const b = sodium.boxKeyPair(range(0x60));
    assert.equal(
      hex(ours.box(message, nonce, b.publicKey, a.secretKey)),
      hex(sodium.box(message, nonce, b.publicKey, a.secretKey)),
    );
    assert.equal(
      hex(ours.boxOpen(sodium.box(message, nonce, b.publicKey, a.secretKey), nonce, a.publicKey, b.secretKey)),
      hex(message),
    );
    assert.equal(hex(ours.secretBox(message, nonce, range(9))), hex(sodium.secretBox(message, nonce, range(9))));
  }
  assert.equal(hex(ours.sha256(range(1))), hex(sodium.sha256(range(1))));
});

test("what is forged or cut short does not open", () => {
  const key = range(1);
  const nonce = range(2, 24);
  const box = ours.secretBox(range(5), nonce, key);
  for (let i = 0; i < box.length; i++) {
    const forged = Uint8Array.from(box);
    forged[i] = (forged[i] as number) ^ 1;
    assert.equal(ours.secretBoxOpen(forged, nonce, key), undefined);
    assert.equal(ours.secretBoxOpen(box.subarray(0, i), nonce, key), undefined);
  }
  const pair = ours.signKeyPair(range(7));
  const signed = ours.sign(range(8), pair.secretKey);
  signed[70] = (signed[70] as number) ^ 1;
  assert.equal(ours.signOpen(signed, pair.publicKey), undefined);
  assert.equal(ours.signOpen(new Uint8Array(10), pair.publicKey), undefined);
  assert.equal(ours.signOpen(signed, new Uint8Array(32).fill(255)), undefined);
});

test("a zstd frame is read up to the limit and no further", () => {
  const { compress, decompress } = browserCompression();
  const data = range(0, 100_000);
  assert.equal(hex(decompress(zstdCompressSync(data), data.length)), hex(data));
  assert.equal(decompress(zstdCompressSync(data), data.length - 1), undefined);
  assert.equal(decompress(zstdCompressSync(new Uint8Array(50_000_000)), 1000), undefined);
  assert.equal(decompress(range(0, 100), 1000), undefined);
  assert.equal(decompress(zstdCompressSync(data).subarray(0, 100), data.length), undefined);
  for (const length of [0, 1, 255, 131_072, 300_000]) {
    const plain = range(1, length);
    assert.equal(hex(zstdDecompressSync(compress(plain))), hex(plain));
  }
});
