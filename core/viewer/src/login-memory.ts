/**
 * The password of a session that is under way, as its hash, so that it can be taken up again by itself when its path
 * breaks (docs/protocol/session.md, section 18). In memory only, and gone with the session.
 */
export class LoginMemory {
  #tried: { readonly salt: string; readonly hash: Uint8Array } | undefined;
  #known: { readonly salt: string; readonly hash: Uint8Array } | undefined;

  /** A password went out; whether it is right is not known yet. */
  tries(salt: string, hash: Uint8Array): void {
    this.#tried = { salt, hash };
  }

  /** The host let us in. */
  admitted(): void {
    this.#known = this.#tried ?? this.#known;
  }

  /** A wrong one is not tried again. */
  refused(): void {
    this.#tried = undefined;
    this.#known = undefined;
  }

  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  /** What opened this session, for a host with that salt. */
  hashFor(salt: string): Uint8Array | undefined {
    return this.#known?.salt === salt ? this.#known.hash : undefined;
  }
}
