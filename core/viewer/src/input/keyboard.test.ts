import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeMessage,
  encodeMessage,
  ControlKey as Key,
  type KeyEvent,
  KeyboardMode as Mode,
  type PeerMessageInit,
} from "@pulpit/wire";
import type { KeyInput } from "../viewer.ts";
import { Keyboard } from "./keyboard.ts";

/** A key as a browser reports it, nothing held. */
function input(code: string, key: string, more: Partial<KeyInput> = {}): KeyInput {
  const none = { ctrl: false, alt: false, shift: false, meta: false, altGraph: false };
  return { code, key, ...none, capsLock: false, numLock: false, repeat: false, ...more };
}

/** What goes over the wire, in words: mode, content, direction, modifiers. */
function words(messages: readonly PeerMessageInit[]): string[] {
  return messages.map((message) => {
    const decoded = decodeMessage(encodeMessage(message));
    assert.ok(decoded.case === "keyEvent");
    const { mode, union, down, press, modifiers }: KeyEvent = decoded.value;
    const content = union.case === "controlKey" ? Key[union.value] : JSON.stringify(union.value);
    const direction = press ? "press" : down ? "down" : "up";
    return [Mode[mode], union.case, content, direction, ...modifiers.map((key) => Key[key])].join(" ");
  });
}

const linux = (): Keyboard => new Keyboard(() => "Linux");

test("what types a character goes as that character, once, and its release is silent", () => {
  const keyboard = linux();
  for (const character of ["a", "A", "ł", "€", "日", "😀", " "]) {
    assert.deepEqual(words(keyboard.down(input("KeyA", character))), [
      `TRANSLATE seq ${JSON.stringify(character)} down`,
    ]);
    assert.deepEqual(keyboard.up(input("KeyA", character)), []);
  }
});

test("each repetition types once more", () => {
  const keyboard = linux();
  const held = input("KeyA", "a", { repeat: true });
  const typed = [...keyboard.down(input("KeyA", "a")), ...keyboard.down(held), ...keyboard.down(held)];
  assert.equal(words(typed).length, 3);
});

test("with AltGr a character is a character, although the browser says Ctrl and Alt", () => {
  const altGr = { altGraph: true, ctrl: true, alt: true };
  assert.deepEqual(words(linux().down(input("KeyE", "€", altGr))), ['TRANSLATE seq "€" down']);
  assert.deepEqual(words(linux().down(input("AltRight", "AltGraph", altGr))), []);
});

test("a shortcut goes as its character with the modifiers held, both ways", () => {
  const keyboard = linux();
  keyboard.down(input("ControlLeft", "Control", { ctrl: true }));
  keyboard.down(input("ShiftRight", "Shift", { ctrl: true, shift: true }));
  const z = input("KeyY", "Z", { ctrl: true, shift: true });
  assert.deepEqual(words(keyboard.down(z)), ["LEGACY chr 90 down SHIFT CONTROL"]);
  assert.deepEqual(words(keyboard.up(z)), ["LEGACY chr 90 up SHIFT CONTROL"]);
});

test("a shortcut on a character beyond ASCII goes by position", () => {
  const keyboard = linux();
  assert.deepEqual(words(keyboard.down(input("KeyS", "ы", { ctrl: true }))), ["MAP chr 39 down"]);
  assert.deepEqual(words(keyboard.up(input("KeyS", "ы", { ctrl: true }))), ["MAP chr 39 up"]);
});

test("named keys and modifiers go by the host's position codes, with the lock states that concern them", () => {
  const keyboard = linux();
  assert.deepEqual(words(keyboard.down(input("ShiftLeft", "Shift", { shift: true }))), ["MAP chr 50 down"]);
  assert.deepEqual(words(keyboard.down(input("ShiftLeft", "Shift", { repeat: true }))), [], "a modifier never repeats");
  assert.deepEqual(words(keyboard.up(input("ShiftLeft", "Shift"))), ["MAP chr 50 up"]);
  const locks = { capsLock: true, numLock: true };
  assert.deepEqual(words(keyboard.down(input("Enter", "Enter", locks))), ["MAP chr 36 down"]);
  assert.deepEqual(words(keyboard.down(input("Numpad7", "Home", locks))), ["MAP chr 79 down NUM_LOCK"]);
  assert.deepEqual(words(new Keyboard(() => "Windows").down(input("Enter", "Enter"))), ["MAP chr 28 down"]);
});

test("dead keys, lock keys, unknown positions and releases of what was never pressed send nothing", () => {
  const keyboard = linux();
  for (const [code, key] of [
    ["Equal", "Dead"],
    ["CapsLock", "CapsLock"],
    ["NumLock", "NumLock"],
    ["", "Unidentified"],
    ["NoSuchKey", "NoSuchKey"],
  ] as const) {
    assert.deepEqual(keyboard.down(input(code, key)), [], key);
    assert.deepEqual(keyboard.up(input(code, key)), [], key);
  }
  assert.deepEqual(keyboard.up(input("Enter", "Enter")), []);
});

test("releaseAll lets go of every key that is held, once", () => {
  const keyboard = linux();
  keyboard.down(input("ControlLeft", "Control", { ctrl: true }));
  keyboard.down(input("KeyC", "c", { ctrl: true }));
  keyboard.down(input("ArrowLeft", "ArrowLeft"));
  keyboard.down(input("KeyA", "a"));
  assert.deepEqual(words(keyboard.releaseAll()).toSorted(), [
    "LEGACY chr 99 up CONTROL",
    "MAP chr 113 up",
    "MAP chr 37 up",
  ]);
  assert.deepEqual(keyboard.releaseAll(), []);
  assert.deepEqual(keyboard.modifiers, []);
  assert.deepEqual(keyboard.up(input("ControlLeft", "Control")), []);
});

test("when Meta goes up, what was pressed with it goes up too", () => {
  const keyboard = linux();
  keyboard.down(input("MetaLeft", "Meta", { meta: true }));
  keyboard.down(input("KeyL", "l", { meta: true }));
  keyboard.down(input("ShiftLeft", "Shift", { meta: true, shift: true }));
  assert.deepEqual(words(keyboard.up(input("MetaLeft", "Meta"))), ["MAP chr 133 up", "LEGACY chr 108 up SHIFT"]);
  assert.deepEqual(keyboard.modifiers, [Key.SHIFT]);
});

test("text without keys goes in pieces that hosts take, and no character is cut in two", () => {
  const text = "😀".repeat(5000);
  const pieces = linux()
    .type(text)
    .map((message) => {
      const decoded = decodeMessage(encodeMessage(message));
      assert.ok(decoded.case === "keyEvent" && decoded.value.union.case === "seq");
      return decoded.value.union.value;
    });
  assert.deepEqual(
    pieces.map((piece) => [...piece].length),
    [4096, 904],
  );
  assert.equal(pieces.join(""), text);
  assert.deepEqual(linux().type(""), []);
});

test("Ctrl+Alt+Del is a name of its own to Windows and a chord to everybody else", () => {
  assert.deepEqual(words(new Keyboard(() => "Windows").ctrlAltDel()), ["LEGACY controlKey CTRL_ALT_DEL down"]);
  assert.deepEqual(words(linux().ctrlAltDel()), ["LEGACY controlKey DELETE press ALT CONTROL"]);
});
