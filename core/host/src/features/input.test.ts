import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeMessage,
  encodeMessage,
  ControlKey as Key,
  KeyboardMode as Mode,
  type PeerMessageInit,
} from "@pulpit/wire";
import type { Input } from "../ports/input.ts";
import { InputFeature } from "./input.ts";

/** X11 positions (docs/protocol/input.md, section 6). */
const SHIFT = 50;
const CONTROL = 37;
const ALT = 64;
const A = 38;

/** An input port that writes down what it is asked to do. */
function recording(): Input & { readonly done: string[] } {
  const done: string[] = [];
  const arrow = (down: boolean): string => (down ? "↓" : "↑");
  return {
    done,
    movePointer: (x, y) => void done.push(`move ${x},${y}`),
    movePointerBy: (dx, dy) => void done.push(`by ${dx},${dy}`),
    button: (button, down) => void done.push(`${button}${arrow(down)}`),
    wheel: (x, y) => void done.push(`wheel ${x},${y}`),
    key: (position, down) => void done.push(`${position}${arrow(down)}`),
    lockedKey: (position, { caps, num }) => void done.push(`${position}↓ caps ${caps} num ${num}`),
    character: (character, down) => void done.push(`'${character}'${arrow(down)}`),
    type: (text) => void done.push(`"${text}"`),
    settled: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function feature(): {
  input: ReturnType<typeof recording>;
  events: InputFeature;
  send(...messages: PeerMessageInit[]): string[];
} {
  const input = recording();
  const displays = [
    { x: 0, y: 0, width: 1920, height: 1080, name: "a", primary: true },
    { x: 1920, y: 0, width: 1280, height: 720, name: "b", primary: false },
  ];
  const events = new InputFeature({ input, displays: () => displays, platform: "Linux" });
  let now = 0;
  return {
    input,
    events,
    send(...messages) {
      input.done.length = 0;
      for (const message of messages) {
        now += 5;
        events.handle(decodeMessage(encodeMessage(message)) as never, now);
      }
      return [...input.done];
    },
  };
}

const mouse = (mask: number, x = 0, y = 0, modifiers: Key[] = []): PeerMessageInit => ({
  case: "mouseEvent",
  value: { mask, x, y, modifiers },
});
const key = (value: object): PeerMessageInit => ({ case: "keyEvent", value });
const chr = (value: number, down: boolean, more: object = {}): PeerMessageInit =>
  key({ down, union: { case: "chr", value }, ...more });
const named = (value: Key, down: boolean, more: object = {}): PeerMessageInit =>
  key({ down, union: { case: "controlKey", value }, ...more });
const text = (value: string, mode: Mode): PeerMessageInit => key({ down: true, mode, union: { case: "seq", value } });

test("moves, clicks, drags and the wheel do what the specification's examples say", () => {
  const { send } = feature();
  assert.deepEqual(send(mouse(0, 100, 200), mouse(9), mouse(10)), ["move 100,200", "left↓", "left↑"]);
  assert.deepEqual(send(mouse(17), mouse(18), mouse(33), mouse(34), mouse(65), mouse(66), mouse(129), mouse(130)), [
    "right↓",
    "right↑",
    "middle↓",
    "middle↑",
    "back↓",
    "back↑",
    "forward↓",
    "forward↑",
  ]);
  assert.deepEqual(send(mouse(0, 5, 5), mouse(9), mouse(8, 50, 60), mouse(10)), [
    "move 5,5",
    "left↓",
    "move 50,60",
    "left↑",
  ]);
  assert.deepEqual(send(mouse(3, 0, 1), mouse(3, 0, -1), mouse(3, -1, 0)), ["wheel 0,1", "wheel 0,-1", "wheel -1,0"]);
  assert.deepEqual(send(mouse(5, -7, 9)), ["by -7,9"]);
});

test("down and up do not move the pointer, and of several buttons at once nothing comes", () => {
  const { send } = feature();
  assert.deepEqual(send(mouse(9, 400, 400), mouse(10, 400, 400)), ["left↓", "left↑"]);
  assert.deepEqual(send(mouse(1 | (3 << 3))), []);
  assert.deepEqual(send(mouse(6), mouse(7)), []);
});

test("nothing a viewer sends is larger than a screen or a hand", () => {
  const { send } = feature();
  assert.deepEqual(send(mouse(0, 2_000_000_000, -2_000_000_000)).length, 1);
  const [x, y] = (/move (-?\d+),(-?\d+)/.exec(send(mouse(0, 2_000_000_000, -2_000_000_000))[0] ?? "") ?? [])
    .slice(1)
    .map(Number);
  assert.ok((x as number) <= 3199 && (y as number) >= 0);
  assert.deepEqual(send(mouse(3, 0, 2_000_000_000)), ["wheel 0,100"]);
  assert.deepEqual(send(mouse(5, 2_000_000_000, -2_000_000_000)), ["by 10000,-10000"]);
  const { events, input } = feature();
  for (let i = 0; i < 5000; i++) events.handle(decodeMessage(encodeMessage(mouse(0, i % 100, 1))) as never, 10);
  assert.equal(input.done.length, 500);
  events.handle(decodeMessage(encodeMessage(mouse(9))) as never, 10);
  assert.equal(input.done.length, 500, "the second is used up by this flood");
  events.handle(decodeMessage(encodeMessage(mouse(9))) as never, 1_010);
  assert.equal(input.done.at(-1), "left↓");
});

test("text is typed as it came, also while Shift is held", () => {
  const { send } = feature();
  assert.deepEqual(send(text("Zażółć €", Mode.TRANSLATE)), ['"Zażółć €"']);
  assert.deepEqual(send(text("Grüße", Mode.LEGACY)), ['"Grüße"']);
  assert.deepEqual(
    send(
      chr(SHIFT, true, { mode: Mode.TRANSLATE }),
      text("A", Mode.TRANSLATE),
      chr(SHIFT, false, { mode: Mode.TRANSLATE }),
    ),
    [`${SHIFT}↓`, `${SHIFT}↑`, '"A"', `${SHIFT}↓`, `${SHIFT}↑`],
  );
  assert.deepEqual(send(text("x".repeat(10_000), Mode.TRANSLATE))[0]?.length, 4098);
});

test("positions go down and up, with CapsLock as the viewer has it", () => {
  const { send } = feature();
  const map = { mode: Mode.MAP };
  assert.deepEqual(send(chr(A, true, map), chr(A, false, map)), [`${A}↓ caps false num undefined`, `${A}↑`]);
  assert.deepEqual(send(chr(A, true, { ...map, modifiers: [Key.CAPS_LOCK] })), [`${A}↓ caps true num undefined`]);
  assert.deepEqual(send(chr(70, true, map), chr(70, false, map)), ["70↓", "70↑"]);
  assert.deepEqual(send(chr(79, true, { ...map, modifiers: [Key.NUM_LOCK] })), ["79↓ caps undefined num true"]);
  assert.deepEqual(send(chr(9999, true, map)), []);
});

test("in legacy mode modifiers are held for the event that lists them", () => {
  const { send } = feature();
  assert.deepEqual(send(named(Key.RIGHT_ARROW, true), named(Key.RIGHT_ARROW, false)), ["114↓", "114↑"]);
  assert.deepEqual(send(chr(97, true), chr(97, false)), ['"a"']);
  assert.deepEqual(
    send(
      named(Key.CONTROL, true, { modifiers: [Key.CONTROL] }),
      chr(99, true, { modifiers: [Key.CONTROL] }),
      chr(99, false, { modifiers: [Key.CONTROL] }),
      named(Key.CONTROL, false),
    ),
    [`${CONTROL}↓`, "'c'↓", "'c'↑", `${CONTROL}↑`],
  );
  assert.deepEqual(send(named(Key.F4, true, { modifiers: [Key.ALT] })), [`${ALT}↓`, "70↓", `${ALT}↑`]);
  assert.deepEqual(send(mouse(9, 0, 0, [Key.SHIFT])), [`${SHIFT}↓`, "left↓", `${SHIFT}↑`]);
});

test("Ctrl+Alt+Del means nothing here, and locking is Super+L", () => {
  const { send } = feature();
  assert.deepEqual(send(named(Key.CTRL_ALT_DEL, true)), []);
  assert.deepEqual(send(named(Key.LOCK_SCREEN, true)), ["133↓", "46↓", "46↑", "133↑"]);
});

test("whatever is held is let go of at the end, once, and keys that are held for too long before", () => {
  const { send, events, input } = feature();
  send(
    chr(SHIFT, true, { mode: Mode.MAP }),
    chr(99, true, { modifiers: [Key.CONTROL, Key.SHIFT] }),
    mouse(9, 0, 0, [Key.SHIFT]),
  );
  input.done.length = 0;
  events.releaseAll();
  assert.deepEqual(input.done.toSorted(), ["'c'↑", `${SHIFT}↑`, "left↑"].toSorted());
  input.done.length = 0;
  events.releaseAll();
  assert.deepEqual(input.done, []);
  send(chr(SHIFT, true, { mode: Mode.MAP }));
  input.done.length = 0;
  events.expire(300_000);
  assert.deepEqual(input.done, []);
  events.expire(400_000);
  assert.deepEqual(input.done, [`${SHIFT}↑`]);
});

test("characters held without end do not pile up", () => {
  const { events, input } = feature();
  for (let i = 0; i < 5000; i++) {
    const held = chr(0x4e00 + i, true, { modifiers: [Key.CONTROL] });
    events.handle(decodeMessage(encodeMessage(held)) as never, i * 10);
  }
  input.done.length = 0;
  events.releaseAll();
  assert.ok(input.done.length <= 64, `${input.done.length} held`);
});
