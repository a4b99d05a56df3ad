/// <reference path="./sodium-native.d.ts" />
import type { Crypto, KeyPair, Random } from "@pulpit/protocol";
import sodium from "sodium-native";

const SIGNATURE = 64;
const TAG = 16;

/** The protocol's cryptography by libsodium, as fast as the machine allows. */
export function nodeCrypto(): Crypto {
  return {
    sha256(data) {
      const out = new Uint8Array(32);
      sodium.crypto_hash_sha256(out, data);
      return out;
    },
    signKeyPair(seed): KeyPair {
      const pair = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) };
      sodium.crypto_sign_seed_keypair(pair.publicKey, pair.secretKey, seed);
      return pair;
    },
    sign(message, secretKey) {
      const out = new Uint8Array(SIGNATURE + message.length);
      sodium.crypto_sign(out, message, secretKey);
      return out;
    },
    signOpen(signed, publicKey) {
      if (signed.length < SIGNATURE || publicKey.length !== 32) return undefined;
      const out = new Uint8Array(signed.length - SIGNATURE);
      return sodium.crypto_sign_open(out, signed, publicKey) ? out : undefined;
    },
    boxKeyPair(secretKey): KeyPair {
      const publicKey = new Uint8Array(32);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      return { publicKey, secretKey };
    },
    box(message, nonce, theirPublicKey, mySecretKey) {
      const out = new Uint8Array(message.length + TAG);
      sodium.crypto_box_easy(out, message, nonce, theirPublicKey, mySecretKey);
      return out;
    },
    boxOpen(box, nonce, theirPublicKey, mySecretKey) {
      if (box.length < TAG) return undefined;
      const out = new Uint8Array(box.length - TAG);
      return opened(() => sodium.crypto_box_open_easy(out, box, nonce, theirPublicKey, mySecretKey)) ? out : undefined;
    },
    secretBox(message, nonce, key) {
      const out = new Uint8Array(message.length + TAG);
      sodium.crypto_secretbox_easy(out, message, nonce, key);
      return out;
    },
    secretBoxOpen(box, nonce, key) {
      if (box.length < TAG) return undefined;
      const out = new Uint8Array(box.length - TAG);
      return sodium.crypto_secretbox_open_easy(out, box, nonce, key) ? out : undefined;
    },
  };
}

export function nodeRandom(): Random {
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      sodium.randombytes_buf(out);
      return out;
    },
  };
}

/** A public key of low order makes libsodium throw instead of answering no. */
function opened(open: () => boolean): boolean {
  try {
    return open();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw error;
    return false;
  }
}
