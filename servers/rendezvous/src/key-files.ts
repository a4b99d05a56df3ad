import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Crypto, KeyPair, Random } from "@pulpit/protocol";

const SECRET_FILE = "id_ed25519";
const PUBLIC_FILE = "id_ed25519.pub";
const SECRET_BYTES = 64;
/** Seeds tried until the public key's text fits into file names and URLs (docs/protocol/wire.md, section 9.2). */
const MAX_TRIES = 300;

/** The server's key pair and the text of its public half, which viewers and hosts are given. */
export interface ServerKey extends KeyPair {
  /** Base64, 44 characters. */
  readonly publicText: string;
}

/**
 * The key pair in `folder`, in the stock file format; made and written at the first start.
 * A file that is there but makes no sense is an error: a new key would lock out every client.
 */
export function loadServerKey(folder: string, crypto: Crypto, random: Random): ServerKey {
  mkdirSync(folder, { recursive: true });
  const existing = readKey(join(folder, SECRET_FILE), crypto);
  if (existing !== undefined) return existing;
  const pair = suitablePair(crypto, random);
  // "wx": if two servers start at once, the second one takes what the first one wrote.
  try {
    writeFileSync(join(folder, SECRET_FILE), base64(pair.secretKey), { mode: 0o600, flag: "wx" });
  } catch (error) {
    const other = readKey(join(folder, SECRET_FILE), crypto);
    if (other !== undefined) return other;
    throw error;
  }
  writeFileSync(join(folder, PUBLIC_FILE), base64(pair.publicKey));
  return { ...pair, publicText: base64(pair.publicKey) };
}

function readKey(path: string, crypto: Crypto): ServerKey | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const secretKey = new Uint8Array(Buffer.from(text, "base64"));
  const publicKey = secretKey.subarray(32);
  // The second half is the public key of the first: with one letter changed, nobody could check what is signed.
  if (
    secretKey.length !== SECRET_BYTES ||
    base64(secretKey) !== text ||
    base64(crypto.signKeyPair(secretKey.slice(0, 32)).publicKey) !== base64(publicKey)
  ) {
    throw new Error(`${path} holds no server key; restore it from a backup or move it away to make a new one`);
  }
  return { secretKey, publicKey, publicText: base64(publicKey) };
}

function suitablePair(crypto: Crypto, random: Random): KeyPair {
  let pair = crypto.signKeyPair(random.bytes(32));
  for (let tries = 1; tries < MAX_TRIES && /[/:]/.test(base64(pair.publicKey)); tries++) {
    pair = crypto.signKeyPair(random.bytes(32));
  }
  return pair;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
