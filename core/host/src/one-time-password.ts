import { type Random, symbolsOf } from "@pulpit/protocol";

/** Wrong attempts in a row, over all connections, after which the value changes (docs/protocol/session.md, section 3.4). */
const MAX_MISSES = 10;

/** Symbols of a one-time password: 6, 8 or 10. */
export type PasswordLength = 6 | 8 | 10;

/** The password that is read out over the telephone and holds for one visit. */
export class OneTimePassword {
  readonly #random: Random;
  readonly #length: PasswordLength;
  readonly #listeners = new Set<(value: string) => void>();
  #value: string;
  #misses = 0;

  constructor(random: Random, length: PasswordLength) {
    this.#random = random;
    this.#length = length;
    this.#value = symbolsOf(random.bytes(length));
  }

  get value(): string {
    return this.#value;
  }

  /** Calls back with each new value; returns its cancellation. */
  onChanged(listener: (value: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Somebody gave a wrong password. */
  missed(): void {
    this.#misses += 1;
    if (this.#misses >= MAX_MISSES) this.renew();
  }

  /** Somebody gave the right one. */
  matched(): void {
    this.#misses = 0;
  }

  renew(): void {
    this.#misses = 0;
    this.#value = symbolsOf(this.#random.bytes(this.#length));
    for (const listener of this.#listeners) listener(this.#value);
  }
}
