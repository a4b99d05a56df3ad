import type { KeyExchange, ServerMessageInit } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";

const ZERO_NONCE: Uint8Array = new Uint8Array(24);
/** Bytes of a Curve25519 key, and of a session key. */
const KEY = 32;
/** Bytes of a sealed session key. */
const SEALED_KEY = KEY + 16;

/** Each direction's messages are sealed with this key from here on; see Sealing and Opening. */
type SessionKey = Uint8Array;

/**
 * The server's first message on a TCP connection whose client waits for it: a fresh box key, signed.
 * `box`: a Curve25519 pair made for this connection. Source: docs/protocol/rendezvous.md, section 4.23.
 */
export function offerKeys(crypto: Crypto, box: KeyPair, serverSecretKey: Uint8Array): ServerMessageInit {
  return { case: "keyExchange", value: { keys: [crypto.sign(box.publicKey, serverSecretKey)] } };
}

/** The session key in a client's answer; undefined when it makes no sense. */
export function takeKeys(crypto: Crypto, box: KeyPair, { keys }: KeyExchange): SessionKey | undefined {
  const [theirs, sealed] = keys;
  if (keys.length !== 2 || theirs?.length !== KEY || sealed?.length !== SEALED_KEY) return undefined;
  return crypto.boxOpen(sealed, ZERO_NONCE, theirs, box.secretKey);
}

/**
 * A client's answer to an offer; undefined when the owner of `serverKey` did not make it.
 * `box`: a Curve25519 pair, `sessionKey`: 32 random bytes, both made for this connection alone.
 */
export function answerKeys(
  crypto: Crypto,
  { keys }: KeyExchange,
  mine: { readonly serverKey: Uint8Array; readonly box: KeyPair; readonly sessionKey: SessionKey },
): ServerMessageInit | undefined {
  const [signed] = keys;
  const theirs = keys.length === 1 && signed !== undefined ? crypto.signOpen(signed, mine.serverKey) : undefined;
  if (theirs?.length !== KEY) return undefined;
  const sealed = crypto.box(mine.sessionKey, ZERO_NONCE, theirs, mine.box.secretKey);
  return { case: "keyExchange", value: { keys: [mine.box.publicKey, sealed] } };
}
