import { KEY_ROWS } from "./key-rows.ts";

/** Platforms whose position codes exist; PeerInfo.platform in its wire spelling. */
export type KeyPlatform = "Windows" | "Linux" | "Mac OS";

const COLUMN: Readonly<Record<KeyPlatform, 2 | 3 | 4>> = { Windows: 2, Linux: 3, "Mac OS": 4 };

/** Keys that count as modifiers (docs/protocol/input.md, end of section 6). */
const MODIFIERS: ReadonlySet<string> = new Set([
  "AltLeft",
  "AltRight",
  "ControlLeft",
  "ControlRight",
  "ShiftLeft",
  "ShiftRight",
  "MetaLeft",
  "MetaRight",
]);

/** Positions by browser code, and back. Built once per owner: there is no state at module level. */
export class KeyTable {
  readonly #positions = new Map<string, number>();
  readonly #codes = new Map<number, string>();
  readonly #controls = new Map<string, number>();
  readonly #byControl = new Map<number, number>();

  constructor(platform: KeyPlatform) {
    for (const row of KEY_ROWS) {
      const [, code, , , , control] = row;
      const position = row[COLUMN[platform]];
      if (position < 0) continue;
      if (control > 0 && !this.#byControl.has(control)) this.#byControl.set(control, position);
      if (code === "") continue;
      this.#positions.set(code, position);
      if (!this.#codes.has(position)) this.#codes.set(position, code);
      if (control > 0) this.#controls.set(code, control);
    }
  }

  /** Position code of a `KeyboardEvent.code`; undefined when this platform has no such key. */
  position(code: string): number | undefined {
    return this.#positions.get(code);
  }

  /** `KeyboardEvent.code` of a position; undefined for positions the table does not know. */
  code(position: number): string | undefined {
    return this.#codes.get(position);
  }

  /** Position of a named key (ControlKey number). */
  positionOfControl(control: number): number | undefined {
    return this.#byControl.get(control);
  }

  /** ControlKey number of a `KeyboardEvent.code`; undefined for keys that go by their character. */
  control(code: string): number | undefined {
    return this.#controls.get(code);
  }
}

export function isModifier(code: string): boolean {
  return MODIFIERS.has(code);
}

/** Keypad keys whose meaning NumLock changes, and the operators beside them (section 4.5). */
export function isKeypad(code: string): boolean {
  return /^Numpad(\d|Decimal|Add|Subtract|Multiply|Divide)$/.test(code);
}

/** Keys whose meaning CapsLock changes, by the specification's list (section 4.5). */
export function followsCapsLock(code: string): boolean {
  return /^(Key[A-Z]|BracketLeft|BracketRight|Semicolon|Quote|Comma|Period)$/.test(code);
}

/** The platform whose codes a host of this name expects; anything unknown gets Linux codes (section 5.1). */
export function keyPlatform(platform: string): KeyPlatform {
  switch (platform.toLowerCase().replaceAll(" ", "")) {
    case "windows":
      return "Windows";
    case "macos":
      return "Mac OS";
    default:
      return "Linux";
  }
}
