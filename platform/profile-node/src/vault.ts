import type { Crypto, Random } from "@pulpit/protocol";
import type { ProfileFolder } from "./folder.ts";

const FILE = "device.key";
const KEY = 32;
const NONCE = 24;
/** Names are shorter than what one byte counts. */
const MAX_NAME = 255;

/** Seals what a profile keeps, so that a backup of settings alone, without the device key, opens nothing. */
export interface Vault {
  /**
   * Nonce (24 bytes), then a secretbox of: length of `name` (1 byte), `name`, `content`. The device key is made when
   * there is none yet.
   */
  seal(name: string, content: Uint8Array): Uint8Array;
  /** What was sealed under the same name; undefined when the key is another one or missing, or anything was changed. */
  open(name: string, sealed: Uint8Array): Uint8Array | undefined;
}

/** The vault whose key is `device.key` in `folder`: 32 random bytes, read at each use. Throws ProfileError when damaged. */
export function vaultIn(folder: ProfileFolder, crypto: Crypto, random: Random): Vault {
  const stored = (): Uint8Array | undefined => {
    const key = folder.readBytes(FILE, KEY);
    if (key !== undefined && key.length !== KEY) throw folder.damaged(FILE);
    return key;
  };
  const key = (): Uint8Array => {
    const present = stored();
    if (present !== undefined) return present;
    folder.createBytes(FILE, random.bytes(KEY));
    // Read back: another process may have been first.
    return stored() as Uint8Array;
  };
  return {
    seal(name, content) {
      const nonce = random.bytes(NONCE);
      return joined(nonce, crypto.secretBox(joined(prefix(name), content), nonce, key()));
    },
    open(name, sealed) {
      const present = stored();
      if (present === undefined || sealed.length < NONCE) return undefined;
      const plain = crypto.secretBoxOpen(sealed.subarray(NONCE), sealed.subarray(0, NONCE), present);
      const expected = prefix(name);
      if (plain === undefined || plain.length < expected.length) return undefined;
      return expected.every((byte, at) => plain[at] === byte) ? plain.subarray(expected.length) : undefined;
    },
  };
}

function prefix(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length > MAX_NAME) throw new RangeError("the name of a sealed thing is too long");
  return joined(Uint8Array.of(text.length), text);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
