import { type Crypto, constantTimeEqual, type KeyPair, type Random, symbolsOf } from "@pulpit/protocol";
import { base64, fromBase64 } from "./base64.ts";
import type { ProfileFolder } from "./folder.ts";
import { retireJournal } from "./journal/retire.ts";
import { ProfileError } from "./profile-error.ts";

const FILE = "host.json";
/** Symbols of a salt, as stock makes them (docs/protocol/session.md, section 3.3). */
const SALT_SYMBOLS = 32;
/** Identities that can be replaced by another one and still be there. */
const MAX_BACKUPS = 1000;

/** What makes this installation recognisable; made once and kept. */
export interface HostIdentity {
  readonly id: string;
  readonly uuid: Uint8Array;
  readonly keys: KeyPair;
  readonly salt: string;
}

/** The identity in `folder`; made at the first start. Throws ProfileError when the file is damaged. */
export function loadHostIdentity(folder: ProfileFolder, crypto: Crypto, random: Random): HostIdentity {
  const kept = stored(folder, crypto);
  if (kept !== undefined) return kept;
  const seed = random.bytes(32);
  const salt = symbolsOf(random.bytes(SALT_SYMBOLS));
  const made = { id: freshId(random), uuid: random.bytes(16), keys: crypto.signKeyPair(seed), salt };
  folder.create(FILE, recordOf(made));
  // Read back: another process may have been first.
  return existing(folder, crypto);
}

/** Another ID for this installation: the ID server says that the old one is somebody else's. */
export function renewHostId(folder: ProfileFolder, crypto: Crypto, random: Random): HostIdentity {
  return save(folder, { ...loadHostIdentity(folder, crypto, random), id: freshId(random) });
}

/** The ID that was agreed on with the ID server; everything else stays. Throws ProfileError when there is no identity. */
export function changeHostId(folder: ProfileFolder, crypto: Crypto, id: string): HostIdentity {
  return save(folder, { ...existing(folder, crypto), id });
}

/** What another installation was known by. */
export interface ImportedIdentity {
  readonly id?: string | undefined;
  readonly keys?: KeyPair | undefined;
  readonly salt?: string | undefined;
  /** What it told the ID server it is, at most 64 bytes: the server gives the ID to no other one. */
  readonly uuid?: Uint8Array | undefined;
}

/**
 * Takes over what is given and keeps the rest. What was replaced stays beside it in `host.before-1.json`, `-2` and so
 * on; a journal that the old key signed is moved into a folder of its own. Throws ProfileError when there is no
 * identity yet (loadHostIdentity makes one), RangeError when the keys do not belong together or the uuid is too long.
 */
export function importHostIdentity(folder: ProfileFolder, crypto: Crypto, imported: ImportedIdentity): HostIdentity {
  const before = existing(folder, crypto);
  const { id = before.id, salt = before.salt, uuid = before.uuid, keys: given = before.keys } = imported;
  const keys = crypto.signKeyPair(given.secretKey.subarray(0, 32));
  if (!constantTimeEqual(keys.publicKey, given.publicKey)) throw new RangeError("these keys do not belong together");
  if (!isUuid(uuid)) throw new RangeError("a uuid has 1 to 64 bytes");
  keepBackup(folder, before);
  if (!constantTimeEqual(keys.publicKey, before.keys.publicKey)) retireJournal(folder, before.keys.publicKey);
  return save(folder, { id, uuid, keys, salt });
}

function keepBackup(folder: ProfileFolder, before: HostIdentity): void {
  for (let number = 1; number <= MAX_BACKUPS; number++) {
    if (folder.create(`host.before-${number}.json`, recordOf(before))) return;
  }
  throw new ProfileError("too-large", `there are too many backups of identities in ${folder.path}; move some away`);
}

function save(folder: ProfileFolder, identity: HostIdentity): HostIdentity {
  folder.write(FILE, recordOf(identity));
  return identity;
}

function recordOf({ id, uuid, keys, salt }: HostIdentity): unknown {
  return { id, uuid: base64(uuid), seed: base64(keys.secretKey.subarray(0, 32)), salt };
}

function existing(folder: ProfileFolder, crypto: Crypto): HostIdentity {
  const identity = stored(folder, crypto);
  if (identity === undefined) throw new ProfileError("missing", `there is no ${FILE} in ${folder.path} yet`);
  return identity;
}

function stored(folder: ProfileFolder, crypto: Crypto): HostIdentity | undefined {
  const record = folder.read(FILE);
  if (record === undefined) return undefined;
  const { id, uuid, seed, salt } = (record ?? {}) as Record<string, unknown>;
  const seedBytes = fromBase64(seed, 32);
  const uuidBytes = fromBase64(uuid);
  if (typeof id !== "string" || typeof salt !== "string" || seedBytes === undefined || uuidBytes === undefined) {
    throw folder.damaged(FILE);
  }
  if (!isUuid(uuidBytes)) throw folder.damaged(FILE);
  return { id, uuid: uuidBytes, keys: crypto.signKeyPair(seedBytes), salt };
}

function isUuid(uuid: Uint8Array): boolean {
  return uuid.length > 0 && uuid.length <= 64;
}

/** Nine digits that say nothing about the machine, unlike stock's, which come from its network card. */
function freshId(random: Random): string {
  const number = new DataView(random.bytes(4).slice().buffer).getUint32(0);
  return String(100_000_000 + (number % 900_000_000));
}
