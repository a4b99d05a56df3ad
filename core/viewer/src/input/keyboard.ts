import { followsCapsLock, isKeypad, isModifier, KeyTable, keyPlatform } from "@pulpit/protocol";
import { ControlKey, KeyboardMode, type PeerMessageInit } from "@pulpit/wire";
import type { KeyInput } from "../viewer.ts";

/** Characters in one text event; hosts may refuse more (docs/protocol/input.md, section 9). */
const MAX_TEXT = 4096;

/** Modifiers in the order the wire lists them (section 2.6), with their browser codes. */
const MODIFIER_KEYS: readonly (readonly [ControlKey, readonly string[]])[] = [
  [ControlKey.ALT, ["AltLeft", "AltRight"]],
  [ControlKey.SHIFT, ["ShiftLeft", "ShiftRight"]],
  [ControlKey.CONTROL, ["ControlLeft", "ControlRight"]],
  [ControlKey.META, ["MetaLeft", "MetaRight"]],
];

/** How a key that is down was sent, so that its release fits. */
type Held =
  | { readonly type: "position"; readonly position: number }
  | { readonly type: "character"; readonly scalar: number }
  | { readonly type: "text" };

/**
 * Keys as the host should see them, whatever layouts the two sides have:
 * - what types a character goes as that character (Translate `seq`): the text is exact on every layout;
 * - a shortcut (Ctrl, Alt or Meta with an ASCII character) goes as the character with its modifiers (Legacy),
 *   so that Ctrl+Z stays Ctrl+Z where Z is elsewhere;
 * - everything else goes by position (Map).
 * AltGr and CapsLock are not sent: what they do is in the characters already.
 * Source: docs/protocol/input.md, sections 4, 5 and 8.
 */
export class Keyboard {
  readonly #platform: () => string;
  readonly #held = new Map<string, Held>();
  #table: { readonly platform: string; readonly keys: KeyTable } | undefined;

  /** `platform`: the host's, as it announced itself; asked anew for each key. */
  constructor(platform: () => string) {
    this.#platform = platform;
  }

  /** Modifiers held, for button events (section 2.6). */
  get modifiers(): readonly ControlKey[] {
    return MODIFIER_KEYS.filter(([, codes]) => codes.some((code) => this.#held.has(code))).map(([key]) => key);
  }

  down(key: KeyInput): readonly PeerMessageInit[] {
    if (key.key === "AltGraph" || key.code === "CapsLock" || key.code === "NumLock" || key.key === "Dead") return [];
    if (isModifier(key.code)) return this.#held.has(key.code) ? [] : this.#position(key, true);
    const character = printable(key.key);
    if (character !== undefined) {
      const shortcut = (key.ctrl || key.alt || key.meta) && !key.altGraph;
      if (!shortcut) {
        this.#held.set(key.code, { type: "text" });
        return [keyEvent({ down: true, mode: KeyboardMode.TRANSLATE, union: { case: "seq", value: character } })];
      }
      const scalar = character.codePointAt(0) as number;
      if (scalar < 0x80) {
        this.#held.set(key.code, { type: "character", scalar });
        return [this.#character(scalar, true)];
      }
    }
    return this.#position(key, true);
  }

  up(key: KeyInput): readonly PeerMessageInit[] {
    const held = this.#held.get(key.code);
    if (held === undefined) return [];
    this.#held.delete(key.code);
    const released = this.#release(held, key);
    // Some systems never report the release of what was pressed together with Meta.
    return key.code.startsWith("Meta") ? [...released, ...this.#releaseOrdinary()] : released;
  }

  /** Text without keys: input methods, on-screen keyboards, paste. */
  type(text: string): readonly PeerMessageInit[] {
    const characters = [...text];
    const messages: PeerMessageInit[] = [];
    for (let i = 0; i < characters.length; i += MAX_TEXT) {
      const value = characters.slice(i, i + MAX_TEXT).join("");
      messages.push(keyEvent({ mode: KeyboardMode.LEGACY, union: { case: "seq", value } }));
    }
    return messages;
  }

  /** Lets go of everything this viewer holds down on the host. */
  releaseAll(): readonly PeerMessageInit[] {
    const messages = [...this.#held.values()].flatMap((held) => this.#release(held));
    this.#held.clear();
    return messages;
  }

  /** Section 4.7. */
  ctrlAltDel(): readonly PeerMessageInit[] {
    if (keyPlatform(this.#platform()) === "Windows") {
      return [keyEvent({ down: true, union: { case: "controlKey", value: ControlKey.CTRL_ALT_DEL } })];
    }
    const modifiers = [ControlKey.ALT, ControlKey.CONTROL];
    return [keyEvent({ press: true, modifiers, union: { case: "controlKey", value: ControlKey.DELETE } })];
  }

  #position(key: KeyInput, down: boolean): readonly PeerMessageInit[] {
    const position = this.#keys().position(key.code);
    if (position === undefined) return [];
    this.#held.set(key.code, { type: "position", position });
    return [keyEvent({ down, mode: KeyboardMode.MAP, modifiers: locks(key), union: { case: "chr", value: position } })];
  }

  #character(scalar: number, down: boolean): PeerMessageInit {
    return keyEvent({ down, modifiers: [...this.modifiers], union: { case: "chr", value: scalar } });
  }

  #release(held: Held, key?: KeyInput): readonly PeerMessageInit[] {
    switch (held.type) {
      case "position": {
        const modifiers = key === undefined ? [] : locks(key);
        return [keyEvent({ mode: KeyboardMode.MAP, modifiers, union: { case: "chr", value: held.position } })];
      }
      case "character":
        return [this.#character(held.scalar, false)];
      case "text":
        return [];
    }
  }

  #releaseOrdinary(): readonly PeerMessageInit[] {
    const messages: PeerMessageInit[] = [];
    for (const [code, held] of this.#held) {
      if (isModifier(code)) continue;
      this.#held.delete(code);
      messages.push(...this.#release(held));
    }
    return messages;
  }

  #keys(): KeyTable {
    const platform = this.#platform();
    if (this.#table?.platform !== platform) this.#table = { platform, keys: new KeyTable(keyPlatform(platform)) };
    return this.#table.keys;
  }
}

/** The character a key types; undefined for named keys such as `Enter`. */
function printable(key: string): string | undefined {
  const characters = [...key];
  return characters.length === 1 && key >= " " && key !== "\u007f" ? key : undefined;
}

/** Lock states that travel with this key (section 4.5). */
function locks(key: KeyInput): ControlKey[] {
  const states: ControlKey[] = [];
  if (key.capsLock && followsCapsLock(key.code)) states.push(ControlKey.CAPS_LOCK);
  if (key.numLock && isKeypad(key.code)) states.push(ControlKey.NUM_LOCK);
  return states;
}

function keyEvent(value: Extract<PeerMessageInit, { case: "keyEvent" }>["value"]): PeerMessageInit {
  return { case: "keyEvent", value } as PeerMessageInit;
}
