import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Crypto, Random } from "@pulpit/protocol";

const SIGNATURE = 64;
const TAG = 16;
/** "expand 32-byte k", as little-endian words: Salsa20's constant. */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** The protocol's cryptography in pure TypeScript, byte for byte NaCl's. */
export function browserCrypto(): Crypto {
  return {
    sha256: (data) => sha256(data),
    signKeyPair(seed) {
      const publicKey = ed25519.getPublicKey(seed);
      return { publicKey, secretKey: concat(seed, publicKey) };
    },
    sign: (message, secretKey) => concat(ed25519.sign(message, secretKey.subarray(0, 32)), message),
    signOpen(signed, publicKey) {
      if (signed.length < SIGNATURE || publicKey.length !== 32) return undefined;
      const message = signed.slice(SIGNATURE);
      return verified(signed.subarray(0, SIGNATURE), message, publicKey) ? message : undefined;
    },
    boxKeyPair: (secretKey) => ({ publicKey: x25519.getPublicKey(secretKey), secretKey }),
    box: (message, nonce, theirPublicKey, mySecretKey) =>
      xsalsa20poly1305(boxKey(theirPublicKey, mySecretKey), nonce).encrypt(message),
    boxOpen(box, nonce, theirPublicKey, mySecretKey) {
      return opened(box, () => xsalsa20poly1305(boxKey(theirPublicKey, mySecretKey), nonce).decrypt(box));
    },
    secretBox: (message, nonce, key) => xsalsa20poly1305(key, nonce).encrypt(message),
    secretBoxOpen: (box, nonce, key) => opened(box, () => xsalsa20poly1305(key, nonce).decrypt(box)),
  };
}

export function browserRandom(): Random {
  return { bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) };
}

/** NaCl's crypto_box_beforenm: the shared secret through HSalsa20. */
function boxKey(theirPublicKey: Uint8Array, mySecretKey: Uint8Array): Uint8Array {
  const shared = x25519.getSharedSecret(mySecretKey, theirPublicKey);
  const out = new Uint32Array(8);
  hsalsa(SIGMA, words(shared), new Uint32Array(4), out);
  const view = new DataView(new ArrayBuffer(32));
  out.forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  return new Uint8Array(view.buffer);
}

function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
}

function verified(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    // A key or signature that is no point of the curve: not by its owner.
    return false;
  }
}

/** The library throws where the port says undefined. */
function opened(box: Uint8Array, open: () => Uint8Array): Uint8Array | undefined {
  if (box.length < TAG) return undefined;
  try {
    return open();
  } catch {
    return undefined;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
