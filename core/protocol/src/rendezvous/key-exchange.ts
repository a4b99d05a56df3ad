import type { KeyExchange, ServerMessageInit } from "@pulpit/wire";
import type { Crypto, KeyPair } from "../crypto/crypto.ts";
import { Extension } from "../extensions.ts";

const ZERO_NONCE: Uint8Array = new Uint8Array(24);
/** Bytes of a Curve25519 key, and of a session key. */
const KEY = 32;
/** Bytes of a sealed session key. */
const SEALED_KEY = KEY + 16;

const CONTEXT: Uint8Array = new TextEncoder().encode("pulpit-server-channel\0");

/** What the messages of each direction are sealed with from here on, 32 bytes each; see Sealing and Opening. */
export interface ChannelKeys {
  readonly toServer: Uint8Array;
  readonly toClient: Uint8Array;
  /** `shared`: one key for both directions, as stock peers have it. */
  readonly type: "separate" | "shared";
}

/**
 * The server's first message on a TCP connection whose client waits for it: a fresh box key, signed.
 * `box`: a Curve25519 pair made for this connection. Source: docs/protocol/rendezvous.md, section 4.23.
 */
export function offerKeys(crypto: Crypto, box: KeyPair, serverSecretKey: Uint8Array): ServerMessageInit {
  const keys = [crypto.sign(box.publicKey, serverSecretKey)];
  return { case: "keyExchange", value: { keys, extensions: [Extension.serverChannel] } };
}

/** The keys in a client's answer to an offer made with the same arguments; undefined when it makes no sense. */
export function takeKeys(
  crypto: Crypto,
  box: KeyPair,
  serverSecretKey: Uint8Array,
  { keys, extensions }: KeyExchange,
): ChannelKeys | undefined {
  const [theirs, sealed] = keys;
  if (keys.length !== 2 || theirs?.length !== KEY || sealed?.length !== SEALED_KEY) return undefined;
  const shared = crypto.boxOpen(sealed, ZERO_NONCE, theirs, box.secretKey);
  if (shared === undefined) return undefined;
  const signed = crypto.sign(box.publicKey, serverSecretKey);
  return extensions.includes(Extension.serverChannel)
    ? separate(crypto, [signed, theirs, sealed], shared)
    : { toServer: shared, toClient: shared, type: "shared" };
}

/**
 * A client's answer to an offer, and the keys from then on; undefined when the owner of `serverKey` did not make it.
 * `box`: a Curve25519 pair, `sessionKey`: 32 random bytes, both made for this connection alone.
 */
export function answerKeys(
  crypto: Crypto,
  { keys, extensions }: KeyExchange,
  mine: { readonly serverKey: Uint8Array; readonly box: KeyPair; readonly sessionKey: Uint8Array },
): { readonly message: ServerMessageInit; readonly keys: ChannelKeys } | undefined {
  const [signed] = keys;
  const theirs = keys.length === 1 && signed !== undefined ? crypto.signOpen(signed, mine.serverKey) : undefined;
  if (signed === undefined || theirs?.length !== KEY) return undefined;
  const { box, sessionKey } = mine;
  const sealed = crypto.box(sessionKey, ZERO_NONCE, theirs, box.secretKey);
  const parts = [box.publicKey, sealed];
  if (!extensions.includes(Extension.serverChannel)) {
    const message: ServerMessageInit = { case: "keyExchange", value: { keys: parts } };
    return { message, keys: { toServer: sessionKey, toClient: sessionKey, type: "shared" } };
  }
  return {
    message: { case: "keyExchange", value: { keys: parts, extensions: [Extension.serverChannel] } },
    keys: separate(crypto, [signed, ...parts], sessionKey),
  };
}

/** Source: docs/protocol/extensions.md, "7: server-channel". */
function separate(crypto: Crypto, exchanged: readonly Uint8Array[], shared: Uint8Array): ChannelKeys {
  const transcript = crypto.sha256(joined([CONTEXT, ...exchanged, shared]));
  const key = (direction: string): Uint8Array =>
    crypto.sha256(joined([transcript, new TextEncoder().encode(direction)]));
  return { toServer: key("client"), toClient: key("server"), type: "separate" };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
