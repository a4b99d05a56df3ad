/** A key pair. Ed25519: public 32, secret 64 bytes (seed, then public key). Curve25519: 32 and 32. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/**
 * The cryptography the protocol is built on: NaCl's, byte for byte (docs/protocol/handshake.md, section 1).
 * A port: no library lives here. All calls are synchronous and leave their arguments alone; what does not
 * verify or open gives undefined, never an exception.
 */
export interface Crypto {
  sha256(data: Uint8Array): Uint8Array;
  /** Ed25519 key pair of a 32-byte seed. */
  signKeyPair(seed: Uint8Array): KeyPair;
  /** NaCl crypto_sign: 64-byte signature followed by the message. */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  /** The message inside a combined signature, or undefined when it is not by the owner of `publicKey`. */
  signOpen(signed: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /** Curve25519 key pair of a 32-byte secret. */
  boxKeyPair(secretKey: Uint8Array): KeyPair;
  /** NaCl crypto_box, 24-byte nonce, 16-byte tag first. */
  box(message: Uint8Array, nonce: Uint8Array, theirPublicKey: Uint8Array, mySecretKey: Uint8Array): Uint8Array;
  boxOpen(
    box: Uint8Array,
    nonce: Uint8Array,
    theirPublicKey: Uint8Array,
    mySecretKey: Uint8Array,
  ): Uint8Array | undefined;
  /** NaCl crypto_secretbox, 32-byte key, 24-byte nonce, 16-byte tag first. */
  secretBox(message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
  secretBoxOpen(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined;
}

/** Where unpredictable bytes come from; a port apart, because machines are given theirs as inputs. */
export interface Random {
  /** `length` bytes from a cryptographic generator. */
  bytes(length: number): Uint8Array;
}
