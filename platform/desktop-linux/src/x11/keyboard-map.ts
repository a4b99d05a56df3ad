import type { X11Connection } from "./connection.ts";

/** Where a character is on the keyboard: the key, and whether Shift has to be held. */
export interface KeyPlace {
  readonly keycode: number;
  readonly shift: boolean;
}

/** Keysyms of Unicode characters beyond Latin-1 start here (X11 keysym encoding, appendix A). */
const UNICODE_KEYSYMS = 0x1000000;
/** Characters that older layouts give keysyms of their own: the Euro sign. */
const OLD_KEYSYMS: ReadonlyMap<number, number> = new Map([[0x20ac, 0x20ac]]);
/** Characters typed by a named key. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ["\n", 0xff0d],
  ["\r", 0xff0d],
  ["\t", 0xff09],
  ["\b", 0xff08],
  ["\u001b", 0xff1b],
]);

/** The X server's keyboard as read at one moment. */
export class KeyboardMap {
  readonly perKeycode: number;
  readonly #rows: readonly (readonly number[])[];
  readonly #first: number;

  private constructor(rows: readonly (readonly number[])[], first: number) {
    this.#rows = rows;
    this.#first = first;
    this.perKeycode = rows[0]?.length ?? 1;
  }

  static async read(connection: X11Connection): Promise<KeyboardMap> {
    const { min_keycode: first, max_keycode: last } = connection.display;
    const rows = await connection.ask<number[][]>((callback) =>
      connection.client.GetKeyboardMapping(first, last - first + 1, callback),
    );
    return new KeyboardMap(rows, first);
  }

  /** Keycodes that give nothing at all: free to be lent to characters. */
  spare(): number[] {
    return this.#rows.flatMap((row, i) => (row.every((keysym) => keysym === 0) ? [this.#first + i] : []));
  }

  /** What the key gives without Shift; 0 for nothing. */
  keysym(keycode: number): number {
    return this.#rows[keycode - this.#first]?.[0] ?? 0;
  }

  /**
   * `group`: the layout in effect, 0 or 1. `except`: keys that don't count. Undefined when no key gives the
   * character with at most Shift.
   */
  find(character: string, group: number, except: ReadonlySet<number>): KeyPlace | undefined {
    const wanted = keysymsOf(character);
    const columns = group === 1 ? [2, 3] : [0, 1];
    for (const [level, column] of columns.entries()) {
      const index = this.#rows.findIndex((row, i) => wanted.includes(row[column] ?? 0) && !except.has(this.#first + i));
      if (index >= 0) return { keycode: this.#first + index, shift: level === 1 };
    }
    return undefined;
  }
}

/** The keysym to put on a key for a character. */
export function keysymOf(character: string): number {
  return keysymsOf(character)[0] as number;
}

function keysymsOf(character: string): readonly number[] {
  const named = NAMED.get(character);
  if (named !== undefined) return [named];
  const scalar = character.codePointAt(0) as number;
  const latin = (scalar >= 0x20 && scalar <= 0x7e) || (scalar >= 0xa0 && scalar <= 0xff);
  if (latin) return [scalar];
  const old = OLD_KEYSYMS.get(scalar);
  return old === undefined ? [UNICODE_KEYSYMS | scalar] : [UNICODE_KEYSYMS | scalar, old];
}
