import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of a secret: nobody guesses 256 bits. */
const SECRET_BYTES = 32;
/** A secret as text: base64url of that many bytes. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

interface Entry {
  readonly digest: Uint8Array;
  /** Who may use it (uid); undefined where users can't be told apart. */
  readonly user: number | undefined;
  /** By the clock of whoever asks, ms. */
  readonly until: number;
}

/** Secrets that were given out and still hold. Only their digests are kept. */
export class SecretList {
  readonly #limits: { readonly most: number; readonly lifetime: number };
  #entries: Entry[] = [];

  /** `most`: beyond it the oldest goes. `lifetime`: ms, or Infinity. */
  constructor(limits: { readonly most: number; readonly lifetime: number }) {
    this.#limits = limits;
  }

  mint(user: number | undefined, now: number): string {
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    this.#add({ digest: digestOf(secret), user, until: now + this.#limits.lifetime }, now);
    return secret;
  }

  /** Whether it held for this user; from now on it does not. */
  use(secret: string, user: number | undefined, now: number): boolean {
    return this.#taken(secret, user, now) !== undefined;
  }

  /** Whether it holds for this user; it becomes the newest. */
  renew(secret: string, user: number | undefined, now: number): boolean {
    const entry = this.#taken(secret, user, now);
    if (entry !== undefined) this.#add(entry, now);
    return entry !== undefined;
  }

  /** Whether this user has any. */
  isFor(user: number | undefined, now: number): boolean {
    return this.#entries.some((entry) => entry.user === user && entry.until > now);
  }

  #taken(secret: string, user: number | undefined, now: number): Entry | undefined {
    if (!SECRET.test(secret)) return undefined;
    const digest = digestOf(secret);
    let found: Entry | undefined;
    // All of them, every time: how long it takes says nothing.
    for (const entry of this.#entries) if (timingSafeEqual(entry.digest, digest)) found = entry;
    if (found === undefined || found.user !== user || found.until <= now) return undefined;
    this.#entries = this.#entries.filter((entry) => entry !== found);
    return found;
  }

  #add(entry: Entry, now: number): void {
    const holding = this.#entries.filter(({ until }) => until > now);
    this.#entries = [...holding, entry].slice(-this.#limits.most);
  }
}

function digestOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
