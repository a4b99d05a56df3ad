import { digitsOf, type Random, symbolsOf } from "@pulpit/protocol";

/** Symbols of a one-time password: 6, 8 or 10 (docs/protocol/session.md, section 3.4). */
export type PasswordLength = 6 | 8 | 10;

/** What a one-time password looks like. `digits`: only those, for who reads it out abroad. */
export interface OneTimeForm {
  readonly length: PasswordLength;
  readonly digits: boolean;
}

/** Wrong attempts that a value stands at least, as in stock: people mistype. */
const MIN_MISSES = 10;
/** A value is given up before strangers could have hit it with a chance of one in this many (ADR 0023). */
const CHANCE = 1_000_000;

/** The password that is read out over the telephone and holds for one visit. */
export class OneTimePassword {
  readonly #random: Random;
  readonly #form: () => OneTimeForm;
  readonly #listeners = new Set<(value: string) => void>();
  #value: string;
  #bearable: number;
  #misses = 0;

  constructor(random: Random, form: () => OneTimeForm) {
    this.#random = random;
    this.#form = form;
    this.#value = freshValue(random, form());
    this.#bearable = bearableMisses(form());
  }

  get value(): string {
    return this.#value;
  }

  /** Calls back with each new value; returns its cancellation. */
  onChanged(listener: (value: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Somebody gave a wrong password, and it was looked at. */
  missed(): void {
    this.#misses += 1;
    if (this.#misses >= this.#bearable) this.renew();
  }

  renew(): void {
    const form = this.#form();
    this.#misses = 0;
    this.#bearable = bearableMisses(form);
    this.#value = freshValue(this.#random, form);
    for (const listener of this.#listeners) listener(this.#value);
  }
}

function freshValue(random: Random, { length, digits }: OneTimeForm): string {
  return digits ? digitsOf(random, length) : symbolsOf(random.bytes(length));
}

function bearableMisses({ length, digits }: OneTimeForm): number {
  return Math.max(MIN_MISSES, Math.floor((digits ? 10 : 32) ** length / CHANCE));
}
