import type { PointerButton } from "../ports/input.ts";

/** A key held for this long without a release is let go of, ms (docs/protocol/input.md, section 4.6). */
const MAX_HOLD = 360_000;
/** Characters held at a time; there is no keyboard with more keys than hands can hold. */
const MAX_CHARACTERS = 64;

/** What one viewer holds down on this machine, and since when. */
export class HeldKeys {
  readonly #positions = new Map<number, number>();
  readonly #characters = new Map<string, number>();
  readonly #buttons = new Set<PointerButton>();

  position(position: number, down: boolean, now: number): void {
    if (down) this.#positions.set(position, now);
    else this.#positions.delete(position);
  }

  character(character: string, down: boolean, now: number): void {
    if (down) this.#characters.set(character, now);
    else this.#characters.delete(character);
  }

  /** No further character may be held. */
  get isFull(): boolean {
    return this.#characters.size >= MAX_CHARACTERS;
  }

  button(button: PointerButton, down: boolean): void {
    if (down) this.#buttons.add(button);
    else this.#buttons.delete(button);
  }

  holds(position: number): boolean {
    return this.#positions.has(position);
  }

  /** Everything held, forgotten here and to be released by the caller. */
  takeAll(): { positions: number[]; characters: string[]; buttons: PointerButton[] } {
    const all = {
      positions: [...this.#positions.keys()],
      characters: [...this.#characters.keys()],
      buttons: [...this.#buttons],
    };
    this.#positions.clear();
    this.#characters.clear();
    this.#buttons.clear();
    return all;
  }

  /** Keys held too long, forgotten here and to be released by the caller. */
  takeExpired(now: number): { positions: number[]; characters: string[] } {
    const expired = <Key>(held: Map<Key, number>): Key[] => {
      const keys = [...held].filter(([, since]) => now - since > MAX_HOLD).map(([key]) => key);
      for (const key of keys) held.delete(key);
      return keys;
    };
    return { positions: expired(this.#positions), characters: expired(this.#characters) };
  }
}
