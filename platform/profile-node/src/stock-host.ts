import { type Crypto, constantTimeEqual, type KeyPair, passwordHash } from "@pulpit/protocol";
import { parse } from "smol-toml";
import { fromBase64 } from "./base64.ts";
import { openStockText } from "./stock-text.ts";

/** Largest configuration that is looked at, characters; stock's are below 10,000. */
const MAX_TOML = 256 * 1024;
/** Longest text that stock encrypts, characters (docs/protocol/session.md, section 3.5). */
const MAX_TEXT = 128;
/** Characters of a salt: stock makes 6 or 32. */
const MAX_SALT = 64;
/** Digits, or what a person chose (docs/protocol/wire.md, section 9.1). */
const ID = /^(?:\d{6,16}|[A-Za-z][A-Za-z0-9_-]{5,15})$/;

/** What could not be taken over, and why; words for each live in the user interface. */
export type StockProblem =
  | "not-toml" // nothing could
  | "id-unreadable" // it was encrypted on another computer
  | "id-invalid"
  | "keys-invalid" // no Ed25519 pair, or the halves do not belong together
  | "password-unreadable" // it was encrypted on another computer, or is damaged
  | "password-without-salt" // its hash can't be computed or used
  | "salt-invalid";

/** What a stock host's configuration says about who it is and who may come in. */
export interface StockHost {
  readonly id?: string;
  /** Ed25519: 32 bytes public, 64 bytes secret. */
  readonly keys?: KeyPair;
  readonly salt?: string;
  /** SHA-256(password ‖ salt), 32 bytes; undefined: no permanent password that could be used. */
  readonly permanentHash?: Uint8Array | undefined;
  readonly problems: readonly StockProblem[];
}

/**
 * Reads the text of a `RustDesk.toml` for a migration; anything may be missing from it, and nothing in it is trusted.
 * `machineId`: the identifier of the computer it was written on, bytes as stock takes them.
 * Source: docs/protocol/session.md, section 3.5.
 */
export function readStockHost(text: string, machineId: Uint8Array, crypto: Crypto): StockHost {
  const file = tableOf(text);
  if (file === undefined) return { problems: ["not-toml"] };
  const problems: StockProblem[] = [];
  const take = <T>(part: Part<T>): T | undefined => {
    if (part === undefined || "value" in part) return part?.value;
    problems.push(part.problem);
    return undefined;
  };
  const open = (encrypted: string): string | undefined => {
    const publicKey = bytesOf(at(file.key_pair, 1), 32);
    return openStockText(encrypted, publicKey === undefined ? [machineId] : [machineId, publicKey], crypto);
  };
  const id = take(idIn(file, open));
  const keys = take(keysIn(file.key_pair, crypto));
  const salt = take(saltIn(file.salt));
  const permanentHash = take(passwordIn(file.password, salt, open, crypto));
  return { ...(id && { id }), ...(keys && { keys }), ...(salt && { salt }), permanentHash, problems };
}

type Part<T> = { readonly value: T } | { readonly problem: StockProblem } | undefined;

function tableOf(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_TOML) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function idIn(file: Record<string, unknown>, open: (text: string) => string | undefined): Part<string> {
  const { id, enc_id: encrypted } = file;
  const opened = isFilled(encrypted) ? open(encrypted.slice(2)) : undefined;
  const said = opened ?? id;
  if (!isFilled(said)) return isFilled(encrypted) ? { problem: "id-unreadable" } : undefined;
  return ID.test(said) ? { value: said } : { problem: "id-invalid" };
}

function keysIn(pair: unknown, crypto: Crypto): Part<KeyPair> {
  if (pair === undefined || (Array.isArray(pair) && pair.every((half) => Array.isArray(half) && half.length === 0))) {
    return undefined;
  }
  const [secretKey, publicKey] = [bytesOf(at(pair, 0), 64), bytesOf(at(pair, 1), 32)];
  if (secretKey === undefined || publicKey === undefined) return { problem: "keys-invalid" };
  // Made anew from the seed, so that no half is believed.
  const made = crypto.signKeyPair(secretKey.subarray(0, 32));
  const belongs = constantTimeEqual(made.publicKey, publicKey) && constantTimeEqual(made.secretKey, secretKey);
  return belongs ? { value: made } : { problem: "keys-invalid" };
}

function saltIn(salt: unknown): Part<string> {
  if (salt === undefined || salt === "") return undefined;
  return isFilled(salt) && salt.length <= MAX_SALT ? { value: salt } : { problem: "salt-invalid" };
}

function passwordIn(
  stored: unknown,
  salt: string | undefined,
  open: (text: string) => string | undefined,
  crypto: Crypto,
): Part<Uint8Array> {
  if (stored === undefined || stored === "") return undefined;
  if (!isFilled(stored)) return { problem: "password-unreadable" };
  const form = stored.slice(0, 2);
  // What claims to be encrypted is never taken as plain text: it would be a password that nobody knows.
  const text = form === "00" || form === "01" ? open(stored.slice(2)) : stored;
  if (!isFilled(text) || text.length > MAX_TEXT) return { problem: "password-unreadable" };
  const hash = form === "01" ? hashIn(text) : undefined;
  if (form === "01" && hash === undefined) return { problem: "password-unreadable" };
  if (salt === undefined) return { problem: "password-without-salt" };
  return { value: hash ?? passwordHash(crypto, text, salt) };
}

/** `00` and base64 of a hash, 32 bytes. */
function hashIn(text: string): Uint8Array | undefined {
  return text.startsWith("00") ? fromBase64(text.slice(2), 32) : undefined;
}

function at(list: unknown, place: number): unknown {
  return Array.isArray(list) ? list[place] : undefined;
}

function bytesOf(list: unknown, length: number): Uint8Array | undefined {
  if (!Array.isArray(list) || list.length !== length) return undefined;
  return list.every((item) => Number.isInteger(item) && item >= 0 && item <= 255) ? Uint8Array.from(list) : undefined;
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
