import type { HostSecretStore, HostSecrets, SecondFactor, TrustedDevice } from "@pulpit/host";
import { base64, fromBase64 } from "./base64.ts";
import type { ProfileFolder } from "./folder.ts";
import { ProfileError } from "./profile-error.ts";
import type { Vault } from "./vault.ts";

const FILE = "secrets.json";
/** What the record is sealed under. */
const NAME = "pulpit-host-secrets-1";
/** Largest secrets file, bytes; a full one is below 64 KiB. */
const MAX_SECRETS = 256 * 1024;
/** Devices trusted at a time. */
const MAX_TRUSTED = 64;
/** Recovery codes that can be left. */
const MAX_RECOVERY = 32;
/** Characters of an ID, a name, a platform or a salt. */
const MAX_TEXT = 64;
const HASH = 32;
const TOTP_SECRET = 20;

/** The secrets of a host as one sealed record in `secrets.json`. What can't be opened is an error, never "no password". */
export function hostSecretsIn(folder: ProfileFolder, vault: Vault): HostSecretStore {
  return {
    load() {
      const file = folder.read(FILE, MAX_SECRETS);
      if (file === undefined) return { trusted: [] };
      const sealed = fromBase64(member(file, "sealed"));
      if (sealed === undefined) throw folder.damaged(FILE);
      const plain = vault.open(NAME, sealed);
      if (plain === undefined) throw notOpened(folder);
      const secrets = parse(new TextDecoder().decode(plain));
      if (secrets === undefined) throw folder.damaged(FILE);
      return secrets;
    },
    save(secrets) {
      const text = textOf(secrets);
      // What could not be loaded again would lock the owner out at the next start.
      if (parse(text) === undefined) throw new RangeError("these secrets are out of bounds and were not kept");
      folder.write(FILE, { sealed: base64(vault.seal(NAME, new TextEncoder().encode(text))) });
    },
  };
}

function notOpened(folder: ProfileFolder): ProfileError {
  return new ProfileError(
    "sealed",
    `${FILE} does not open with device.key in ${folder.path}: restore both from the same backup, ` +
      `or move ${FILE} away and set the password and the second factor anew`,
  );
}

function textOf({ permanentHash, salt, secondFactor, trusted }: HostSecrets): string {
  return JSON.stringify({
    ...(permanentHash && { permanentHash: base64(permanentHash) }),
    ...(salt !== undefined && { salt }),
    ...(secondFactor && {
      secondFactor: {
        secret: base64(secondFactor.secret),
        lastStep: secondFactor.lastStep,
        recovery: secondFactor.recovery.map(base64),
      },
    }),
    trusted: trusted.map(({ hwid, id, name, platform, since }) => ({ hwid: base64(hwid), id, name, platform, since })),
  });
}

function parse(text: string): HostSecrets | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  const hash = member(record, "permanentHash");
  const salt = member(record, "salt");
  const factor = member(record, "secondFactor");
  const permanentHash = fromBase64(hash, HASH);
  const secondFactor = secondFactorIn(factor);
  const trusted = list(member(record, "trusted"), MAX_TRUSTED, trustedIn);
  if (trusted === undefined) return undefined;
  if ((hash !== undefined) !== (permanentHash !== undefined)) return undefined;
  if ((factor !== undefined) !== (secondFactor !== undefined)) return undefined;
  if (salt !== undefined && !isText(salt)) return undefined;
  if (permanentHash !== undefined && salt === undefined) return undefined;
  return {
    ...(permanentHash && { permanentHash }),
    ...(salt !== undefined && { salt }),
    ...(secondFactor && { secondFactor }),
    trusted,
  };
}

function secondFactorIn(value: unknown): SecondFactor | undefined {
  const secret = fromBase64(member(value, "secret"), TOTP_SECRET);
  const lastStep = member(value, "lastStep");
  const recovery = list(member(value, "recovery"), MAX_RECOVERY, (item) => fromBase64(item, HASH));
  if (secret === undefined || !isCount(lastStep) || recovery === undefined) return undefined;
  return { secret, lastStep, recovery };
}

function trustedIn(value: unknown): TrustedDevice | undefined {
  const hwid = fromBase64(member(value, "hwid"), HASH);
  const [id, name, platform] = [member(value, "id"), member(value, "name"), member(value, "platform")];
  const since = member(value, "since");
  if (hwid === undefined || !isText(id) || !isText(name) || !isText(platform) || !isCount(since)) return undefined;
  return { hwid, id, name, platform, since };
}

/** All items or, when there are too many or one is not right, nothing. */
function list<T>(value: unknown, most: number, item: (value: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const items = value.map(item);
  return items.every((one): one is NonNullable<typeof one> => one !== undefined) ? (items as T[]) : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
