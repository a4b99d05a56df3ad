import { followsCapsLock, isKeypad, isModifier, type KeyPlatform, KeyTable } from "@pulpit/protocol";
import { ControlKey, KeyboardMode, type KeyEvent } from "@pulpit/wire";
import type { Input } from "../ports/input.ts";
import type { HeldKeys } from "./held-keys.ts";

/** Characters that one event may type (docs/protocol/input.md, section 9). */
const MAX_TEXT = 4096;

/** Keys for each modifier of the wire: the one to press, then the one that counts alike. */
const MODIFIERS: readonly (readonly [ControlKey, readonly [string, string]])[] = [
  [ControlKey.ALT, ["AltLeft", "AltRight"]],
  [ControlKey.SHIFT, ["ShiftLeft", "ShiftRight"]],
  [ControlKey.CONTROL, ["ControlLeft", "ControlRight"]],
  [ControlKey.META, ["MetaLeft", "MetaRight"]],
];
/** Right-hand names in modifier lists mean the same key groups. */
const ALIASES: ReadonlyMap<ControlKey, ControlKey> = new Map([
  [ControlKey.RALT, ControlKey.ALT],
  [ControlKey.RSHIFT, ControlKey.SHIFT],
  [ControlKey.RCONTROL, ControlKey.CONTROL],
  [ControlKey.RWIN, ControlKey.META],
]);

/** Undoes what was pressed for the time of one event. */
type Restore = () => void;

/** What one viewer's key events mean on this machine, in all three modes. Source: docs/protocol/input.md, section 4. */
export class KeyEvents {
  readonly #input: Input;
  readonly #held: HeldKeys;
  readonly #keys: KeyTable;

  constructor(options: { input: Input; held: HeldKeys; platform: KeyPlatform }) {
    this.#input = options.input;
    this.#held = options.held;
    this.#keys = new KeyTable(options.platform);
  }

  handle(event: KeyEvent, now: number): void {
    const legacy = event.mode !== KeyboardMode.MAP && event.mode !== KeyboardMode.TRANSLATE;
    const { union } = event;
    switch (union.case) {
      case "seq":
        if (event.mode !== KeyboardMode.MAP) this.#type([...union.value].slice(0, MAX_TEXT).join(""));
        break;
      case "unicode":
        if (legacy && isScalar(union.value)) this.#type(String.fromCodePoint(union.value));
        break;
      case "controlKey":
        if (legacy) this.#named(union.value, event, now);
        break;
      case "chr":
        if (legacy) this.#character(union.value, event, now);
        else this.#positioned(union.value, event, now);
        break;
    }
  }

  /**
   * Brings the modifiers this viewer holds in line with what an event lists; those pressed for it are let go
   * of by the returned function (sections 2.6 and 4.4). `exempt`: the position the event itself is about.
   */
  withModifiers(listed: readonly ControlKey[], now: number, exempt?: number): Restore {
    const wanted = new Set(listed.map((key) => ALIASES.get(key) ?? key));
    const pressed: number[] = [];
    for (const [modifier, codes] of MODIFIERS) {
      const positions = codes.map((code) => this.#keys.position(code) as number);
      const held = positions.filter((position) => this.#held.holds(position));
      if (wanted.has(modifier) && held.length === 0 && !positions.includes(exempt ?? -1)) {
        this.#input.key(positions[0] as number, true);
        pressed.push(positions[0] as number);
      }
      if (!wanted.has(modifier)) for (const position of held) if (position !== exempt) this.#key(position, false, now);
    }
    return () => {
      for (const position of pressed.reverse()) this.#input.key(position, false);
    };
  }

  #named(control: ControlKey, event: KeyEvent, now: number): void {
    if (control === ControlKey.LOCK_SCREEN) {
      this.#chord(["MetaLeft", "KeyL"]);
      return;
    }
    // The secure attention sequence is a Windows matter; elsewhere it is swallowed (section 4.7).
    if (control === ControlKey.CTRL_ALT_DEL) return;
    const position = this.#keys.positionOfControl(control);
    if (position === undefined) return;
    if (event.press) this.#click(position, event.modifiers, now);
    else if (event.down) {
      const restore = this.withModifiers(event.modifiers, now, position);
      this.#key(position, true, now);
      restore();
    } else this.#key(position, false, now);
  }

  #character(scalar: number, event: KeyEvent, now: number): void {
    if (!isScalar(scalar) || scalar < 0x20) return;
    const character = String.fromCodePoint(scalar);
    const chord = event.modifiers.some((key) => isCommand(ALIASES.get(key) ?? key));
    if (!chord) {
      // Without Ctrl, Alt or Meta it is text: typed once, on the press.
      if (event.down || event.press) this.#type(character);
      return;
    }
    if (!event.down && !event.press) {
      this.#held.character(character, false, now);
      this.#input.character(character, false);
      return;
    }
    const restore = this.withModifiers(event.modifiers, now);
    this.#input.character(character, true);
    if (event.press || this.#held.isFull) this.#input.character(character, false);
    else this.#held.character(character, true, now);
    restore();
  }

  #positioned(position: number, event: KeyEvent, now: number): void {
    const code = this.#keys.code(position);
    if (code === undefined) return;
    const sync = event.down && !isModifier(code) && code !== "Tab" && code !== "Enter";
    const caps = sync && followsCapsLock(code) ? event.modifiers.includes(ControlKey.CAPS_LOCK) : undefined;
    const num = sync && isKeypad(code) ? event.modifiers.includes(ControlKey.NUM_LOCK) : undefined;
    if (caps !== undefined || num !== undefined) this.#input.lockedKey(position, { caps, num });
    else this.#input.key(position, event.down);
    this.#held.position(position, event.down, now);
  }

  /** Text comes out as it was sent, whatever this viewer holds: Shift is lifted meanwhile, unless a command key is down. */
  #type(text: string): void {
    const command = ["AltLeft", "ControlLeft", "ControlRight", "MetaLeft", "MetaRight"];
    const lifted = command.some((code) => this.#holds(code))
      ? []
      : ["ShiftLeft", "ShiftRight"].filter((code) => this.#holds(code));
    for (const code of lifted) this.#input.key(this.#keys.position(code) as number, false);
    this.#input.type(text);
    for (const code of lifted) this.#input.key(this.#keys.position(code) as number, true);
  }

  #click(position: number, modifiers: readonly ControlKey[], now: number): void {
    const restore = this.withModifiers(modifiers, now, position);
    this.#input.key(position, true);
    this.#input.key(position, false);
    restore();
  }

  #chord(codes: readonly string[]): void {
    const positions = codes.map((code) => this.#keys.position(code) as number);
    for (const position of positions) this.#input.key(position, true);
    for (const position of positions.reverse()) this.#input.key(position, false);
  }

  #holds(code: string): boolean {
    return this.#held.holds(this.#keys.position(code) as number);
  }

  #key(position: number, down: boolean, now: number): void {
    this.#held.position(position, down, now);
    this.#input.key(position, down);
  }
}

function isCommand(key: ControlKey): boolean {
  return key === ControlKey.ALT || key === ControlKey.CONTROL || key === ControlKey.META;
}

function isScalar(value: number): boolean {
  return value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}
