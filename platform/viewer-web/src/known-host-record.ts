/** An Ed25519 public key; a secret that a device is trusted by is as long. */
const BYTES = 32;
/** Characters of a person's own name for a computer. */
const MAX_NAME = 64;

/** What this browser keeps of one host. */
export interface KnownHostRecord {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Unix time in milliseconds; undefined when it was not written down. */
  readonly firstSeen?: number;
  /** What the person here calls it; empty: nothing. */
  readonly name: string;
  /** 32 bytes that the host trusts this browser by. */
  readonly deviceSecret?: Uint8Array;
}

export function recordText({ key, firstSeen, name, deviceSecret }: KnownHostRecord): string {
  return JSON.stringify({
    key: base64(key),
    ...(firstSeen === undefined ? {} : { firstSeen }),
    ...(name === "" ? {} : { name }),
    ...(deviceSecret === undefined ? {} : { deviceSecret: base64(deviceSecret) }),
  });
}

/** Undefined when there is no key in it: then there is nothing to compare with, as on the first visit. */
export function parseRecord(text: string | null): KnownHostRecord | undefined {
  if (text === null) return undefined;
  // Before there were names, the key stood there alone.
  const {
    key: keyText,
    firstSeen,
    name,
    deviceSecret: secretText,
  } = text.startsWith("{") ? objectOf(text) : { key: text };
  const key = bytesOf(keyText);
  if (key === undefined) return undefined;
  const deviceSecret = bytesOf(secretText);
  return {
    key,
    name: typeof name === "string" ? boundedName(name) : "",
    ...(typeof firstSeen === "number" && Number.isFinite(firstSeen) ? { firstSeen } : {}),
    ...(deviceSecret === undefined ? {} : { deviceSecret }),
  };
}

export function boundedName(name: string): string {
  return name.trim().slice(0, MAX_NAME);
}

/** Keys are public: nobody learns anything from how long this takes. */
export function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return base64(a) === base64(b);
}

function objectOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function bytesOf(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return bytes.length === BYTES ? bytes : undefined;
}
