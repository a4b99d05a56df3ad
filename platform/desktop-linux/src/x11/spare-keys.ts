import type { X11Connection } from "./connection.ts";
import { type KeyboardMap, keysymOf } from "./keyboard-map.ts";

/** Programs read a changed keyboard when they come to it: typing waits this long after a change, ms. */
const SETTLE = 20;
/** … and a key that was just used is not lent to another character before this is over, ms. */
const REUSE_AFTER = 100;

interface Loan {
  readonly keycode: number;
  usedAt: number;
}

/**
 * Keys without a meaning, lent to characters that the layout lacks. A key keeps its character until it is
 * needed for another one, so that what is typed often costs nothing.
 */
export class SpareKeys {
  readonly #connection: X11Connection;
  readonly #perKeycode: number;
  #free: number[];
  #all: ReadonlySet<number>;
  /** By character, least recently used first. */
  readonly #lent = new Map<string, Loan>();

  constructor(connection: X11Connection, map: KeyboardMap) {
    this.#connection = connection;
    this.#perKeycode = map.perKeycode;
    this.#free = map.spare();
    this.#all = new Set(this.#free);
  }

  /** All of them, lent or not: as many different characters can be lent at the same time. */
  get keycodes(): ReadonlySet<number> {
    return this.#all;
  }

  /** The keyboard was read anew. A layout that somebody else put on has taken our loans away. */
  checkAgainst(map: KeyboardMap): void {
    const intact = [...this.#lent].every(([character, { keycode }]) => map.keysym(keycode) === keysymOf(character));
    if (intact) return;
    this.#lent.clear();
    this.#free = map.spare();
    this.#all = new Set(this.#free);
  }

  /** The key that gives a character lent before. */
  find(character: string): number | undefined {
    const loan = this.#lent.get(character);
    if (loan === undefined) return undefined;
    this.#lent.delete(character);
    this.#lent.set(character, { keycode: loan.keycode, usedAt: performance.now() });
    return loan.keycode;
  }

  /** Lends keys to these characters in one go; what finds no key is left out. */
  async lend(characters: readonly string[]): Promise<void> {
    const loans: (readonly [string, number])[] = [];
    let usedAt = Number.NEGATIVE_INFINITY;
    for (const character of characters) {
      const oldest = this.#free.length > 0 ? undefined : this.#takeOldest(characters);
      const keycode = this.#free.pop() ?? oldest?.keycode;
      if (keycode === undefined) break;
      usedAt = Math.max(usedAt, oldest?.usedAt ?? usedAt);
      loans.push([character, keycode]);
    }
    const wait = usedAt + REUSE_AFTER - performance.now();
    if (wait > 0) await sleep(wait);
    for (const [character, keycode] of loans) {
      this.#put(keycode, keysymOf(character));
      this.#lent.set(character, { keycode, usedAt: performance.now() });
    }
    await this.#connection.flushed();
    await sleep(SETTLE);
  }

  /** Gives all keys back. */
  async returnAll(): Promise<void> {
    for (const { keycode } of this.#lent.values()) {
      this.#put(keycode, 0);
      this.#free.push(keycode);
    }
    this.#lent.clear();
    await this.#connection.flushed();
  }

  #put(keycode: number, keysym: number): void {
    const keysyms = new Array<number>(this.#perKeycode).fill(keysym);
    this.#connection.client.ChangeKeyboardMapping(keycode, this.#perKeycode, keysyms);
  }

  #takeOldest(keep: readonly string[]): Loan | undefined {
    for (const [character, loan] of this.#lent) {
      if (keep.includes(character)) continue;
      this.#lent.delete(character);
      return loan;
    }
    return undefined;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
