import { type Crypto, type KeyPair, type Random, symbolsOf } from "@pulpit/protocol";
import type { ProfileFolder } from "./folder.ts";

const FILE = "host.json";
const BASE64 = /^[A-Za-z0-9+/]+=*$/;
/** Symbols of a salt, as stock makes them (docs/protocol/session.md, section 3.3). */
const SALT_SYMBOLS = 32;

/** What makes this installation recognisable; made once and kept. */
export interface HostIdentity {
  readonly id: string;
  readonly uuid: Uint8Array;
  readonly keys: KeyPair;
  readonly salt: string;
}

/** The identity in `folder`; made at the first start. Throws when the file is damaged. */
export function loadHostIdentity(folder: ProfileFolder, crypto: Crypto, random: Random): HostIdentity {
  const stored = folder.read(FILE);
  if (stored !== undefined) return parse(stored, crypto);
  return save(folder, crypto, {
    id: freshId(random),
    uuid: random.bytes(16),
    seed: random.bytes(32),
    salt: symbolsOf(random.bytes(SALT_SYMBOLS)),
  });
}

/** Another ID for this installation: the ID server says that the old one is somebody else's. */
export function renewHostId(folder: ProfileFolder, crypto: Crypto, random: Random): HostIdentity {
  const { uuid, keys, salt } = loadHostIdentity(folder, crypto, random);
  return save(folder, crypto, { id: freshId(random), uuid, seed: keys.secretKey.subarray(0, 32), salt });
}

function save(
  folder: ProfileFolder,
  crypto: Crypto,
  { id, uuid, seed, salt }: { id: string; uuid: Uint8Array; seed: Uint8Array; salt: string },
): HostIdentity {
  folder.write(FILE, { id, uuid: base64(uuid), seed: base64(seed), salt });
  return { id, uuid, keys: crypto.signKeyPair(seed), salt };
}

function parse(stored: unknown, crypto: Crypto): HostIdentity {
  const { id, uuid, seed, salt } = (stored ?? {}) as Record<string, unknown>;
  const seedBytes = bytes(seed);
  const uuidBytes = bytes(uuid);
  if (typeof id !== "string" || typeof salt !== "string" || seedBytes?.length !== 32 || uuidBytes === undefined) {
    throw new Error(`${FILE} in the profile is damaged; restore it from a backup or move it away`);
  }
  return { id, uuid: uuidBytes, keys: crypto.signKeyPair(seedBytes), salt };
}

/** Nine digits that say nothing about the machine, unlike stock's, which come from its network card. */
function freshId(random: Random): string {
  const number = new DataView(random.bytes(4).slice().buffer).getUint32(0);
  return String(100_000_000 + (number % 900_000_000));
}

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

function bytes(text: unknown): Uint8Array | undefined {
  return typeof text === "string" && BASE64.test(text) ? new Uint8Array(Buffer.from(text, "base64")) : undefined;
}
