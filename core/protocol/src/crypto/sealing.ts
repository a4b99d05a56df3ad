import { ProtocolError } from "../errors.ts";
import type { Crypto } from "./crypto.ts";

/** Counts the messages of one direction: u64 little-endian, then 16 zero bytes; the first message uses 1. */
class NonceCounter {
  readonly #nonce = new Uint8Array(24);

  next(): Uint8Array {
    // 2^53 messages are out of reach, yet the carry is complete.
    for (let i = 0; i < 8; i++) {
      const byte = ((this.#nonce[i] as number) + 1) & 0xff;
      this.#nonce[i] = byte;
      if (byte !== 0) break;
    }
    return this.#nonce;
  }
}

/** Encrypts the messages of one direction, in order. Source: docs/protocol/handshake.md, section 5. */
export class Sealing {
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #counter = new NonceCounter();

  /** `key`: 32 bytes, the session key of the handshake. */
  constructor(crypto: Crypto, key: Uint8Array) {
    this.#crypto = crypto;
    this.#key = key;
  }

  /** The message, encrypted: 16 bytes longer. */
  seal(message: Uint8Array): Uint8Array {
    return this.#crypto.secretBox(message, this.#counter.next(), this.#key);
  }
}

/** Decrypts the messages of the other direction, in order. */
export class Opening {
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #counter = new NonceCounter();

  constructor(crypto: Crypto, key: Uint8Array) {
    this.#crypto = crypto;
    this.#key = key;
  }

  /** @throws ProtocolError decryption-failed: forged, damaged, lost or repeated; the channel is over. */
  open(message: Uint8Array): Uint8Array {
    const plain = this.#crypto.secretBoxOpen(message, this.#counter.next(), this.#key);
    if (plain === undefined) throw new ProtocolError("decryption-failed", "a message did not decrypt");
    return plain;
  }
}
