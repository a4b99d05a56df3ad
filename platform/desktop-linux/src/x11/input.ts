import type { Input, Locks, PointerButton } from "@pulpit/host";
import type { Xtest } from "x11";
import { X11Connection } from "./connection.ts";
import { KeyboardMap, type KeyPlace } from "./keyboard-map.ts";
import { SpareKeys } from "./spare-keys.ts";

const BUTTONS: Readonly<Record<PointerButton, number>> = { left: 1, middle: 2, right: 3, back: 8, forward: 9 };
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
/** X11 keycodes of the keys used to help others (docs/protocol/input.md, section 6). */
const SHIFT_LEFT = 50;
const SHIFT_RIGHT = 62;
const CAPS_LOCK = 66;
const NUM_LOCK = 77;
/** State bits of the pointer and keyboard (core protocol: LockMask, Mod2Mask, then the group in bits 13 and 14). */
const CAPS_MASK = 0x02;
const NUM_MASK = 0x10;
const GROUP_SHIFT = 13;
const MAPPING_KEYBOARD = 1;
const MAPPING_NOTIFY = 34;

/** Mouse and keyboard of an X display through XTEST. Rejects with DesktopError. */
export async function openX11Input(display: string): Promise<Input> {
  const connection = await X11Connection.open(display);
  const xtest = await connection.extension<Xtest>("xtest");
  const map = await KeyboardMap.read(connection);
  return new X11Input(connection, xtest, map);
}

class X11Input implements Input {
  readonly #connection: X11Connection;
  readonly #xtest: Xtest;
  readonly #spare: SpareKeys;
  readonly #down = new Set<number>();
  #map: KeyboardMap;
  #stale = false;
  #characters = new Map<string, KeyPlace>();
  /** Everything in order: what has to wait for the server holds up what comes after it. */
  #queue: Promise<void> = Promise.resolve();

  constructor(connection: X11Connection, xtest: Xtest, map: KeyboardMap) {
    this.#connection = connection;
    this.#xtest = xtest;
    this.#map = map;
    this.#spare = new SpareKeys(connection, map);
    connection.onEvent((event) => {
      if (event.type === MAPPING_NOTIFY && event.request === MAPPING_KEYBOARD) this.#stale = true;
    });
  }

  movePointer(x: number, y: number): void {
    this.#enqueue(() => this.#xtest.FakeInput(this.#xtest.MotionNotify, 0, 0, this.#connection.root, x, y));
  }

  movePointerBy(dx: number, dy: number): void {
    this.#enqueue(() => this.#xtest.FakeInput(this.#xtest.MotionNotify, 1, 0, 0, dx, dy));
  }

  button(button: PointerButton, down: boolean): void {
    this.#enqueue(() => this.#button(BUTTONS[button], down));
  }

  wheel(x: number, y: number): void {
    this.#enqueue(() => {
      this.#clicks(y > 0 ? WHEEL.up : WHEEL.down, Math.abs(y));
      this.#clicks(x > 0 ? WHEEL.left : WHEEL.right, Math.abs(x));
    });
  }

  key(position: number, down: boolean): void {
    this.#enqueue(() => this.#key(position, down));
  }

  lockedKey(position: number, locks: Locks): void {
    this.#enqueue(async () => {
      const { keyMask } = await this.#state();
      const wrong: number[] = [];
      if (locks.caps !== undefined && locks.caps !== ((keyMask & CAPS_MASK) !== 0)) wrong.push(CAPS_LOCK);
      if (locks.num !== undefined && locks.num !== ((keyMask & NUM_MASK) !== 0)) wrong.push(NUM_LOCK);
      for (const lock of wrong) this.#click(lock);
      this.#key(position, true);
      for (const lock of wrong) this.#click(lock);
    });
  }

  character(character: string, down: boolean): void {
    this.#enqueue(async () => {
      if (!down) {
        const place = this.#characters.get(character);
        this.#characters.delete(character);
        if (place !== undefined) this.#key(place.keycode, false);
        return;
      }
      const group = ((await this.#state()).keyMask >> GROUP_SHIFT) & 3;
      await this.#prepare([character], group);
      const place = this.#place(character, group);
      if (place === undefined) return;
      this.#characters.set(character, place);
      const lift = place.shift && !this.#shiftHeld();
      if (lift) this.#key(SHIFT_LEFT, true);
      this.#key(place.keycode, true);
      if (lift) this.#key(SHIFT_LEFT, false);
    });
  }

  type(text: string): void {
    this.#enqueue(async () => {
      const { keyMask } = await this.#state();
      // CapsLock would turn the letters round, on lent keys too.
      const caps = (keyMask & CAPS_MASK) !== 0;
      if (caps) this.#click(CAPS_LOCK);
      await this.#type([...text], (keyMask >> GROUP_SHIFT) & 3);
      if (caps) this.#click(CAPS_LOCK);
    });
  }

  async settled(): Promise<void> {
    await this.#queue;
    await this.#connection.flushed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const keycode of [...this.#down]) this.key(keycode, false);
    this.#enqueue(() => this.#spare.returnAll());
    await this.#queue;
    await this.#connection[Symbol.asyncDispose]();
  }

  /** Pieces as long as there are keys to lend for their unusual characters. */
  async #type(characters: readonly string[], group: number): Promise<void> {
    let rest = characters;
    while (rest.length > 0) {
      await this.#refresh();
      const unusual = new Set<string>();
      let end = 0;
      for (; end < rest.length; end++) {
        const character = rest[end] as string;
        if (this.#inLayout(character, group) !== undefined || unusual.has(character)) continue;
        if (unusual.size >= this.#spare.keycodes.size) break;
        unusual.add(character);
      }
      // A keyboard without a single spare key: the character can't be typed and is left out.
      if (end === 0) end = 1;
      await this.#prepare([...unusual], group);
      for (const character of rest.slice(0, end)) this.#typeOne(character, group);
      rest = rest.slice(end);
    }
  }

  #typeOne(character: string, group: number): void {
    const place = this.#place(character, group);
    if (place === undefined) return;
    const lift = place.shift && !this.#shiftHeld();
    if (lift) this.#key(SHIFT_LEFT, true);
    this.#click(place.keycode);
    if (lift) this.#key(SHIFT_LEFT, false);
  }

  /** Makes sure that each character has a key. */
  async #prepare(characters: readonly string[], group: number): Promise<void> {
    await this.#refresh();
    const missing = characters.filter(
      (character) => this.#inLayout(character, group) === undefined && this.#spare.find(character) === undefined,
    );
    if (missing.length > 0) await this.#spare.lend(missing);
  }

  #inLayout(character: string, group: number): KeyPlace | undefined {
    return this.#map.find(character, group, this.#spare.keycodes);
  }

  #place(character: string, group: number): KeyPlace | undefined {
    const known = this.#inLayout(character, group);
    if (known !== undefined) return known;
    const keycode = this.#spare.find(character);
    return keycode === undefined ? undefined : { keycode, shift: false };
  }

  /** Somebody changed the layout; our own loans count as changes too, and cost one reading. */
  async #refresh(): Promise<void> {
    if (!this.#stale) return;
    this.#stale = false;
    this.#map = await KeyboardMap.read(this.#connection);
    this.#spare.checkAgainst(this.#map);
  }

  #state(): Promise<{ keyMask: number }> {
    return this.#connection.ask((callback) =>
      this.#connection.client.QueryPointer(this.#connection.root, callback as never),
    );
  }

  #shiftHeld(): boolean {
    return this.#down.has(SHIFT_LEFT) || this.#down.has(SHIFT_RIGHT);
  }

  #key(keycode: number, down: boolean): void {
    if (down) this.#down.add(keycode);
    else this.#down.delete(keycode);
    this.#xtest.FakeInput(down ? this.#xtest.KeyPress : this.#xtest.KeyRelease, keycode, 0, 0, 0, 0);
  }

  #click(keycode: number): void {
    this.#key(keycode, true);
    this.#key(keycode, false);
  }

  #button(button: number, down: boolean): void {
    this.#xtest.FakeInput(down ? this.#xtest.ButtonPress : this.#xtest.ButtonRelease, button, 0, 0, 0, 0);
  }

  #clicks(button: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#button(button, true);
      this.#button(button, false);
    }
  }

  /** What fails fails because the X server is gone; whoever owns the desktop learns of that elsewhere. */
  #enqueue(action: () => void | Promise<void>): void {
    this.#queue = this.#queue.then(action).catch(() => undefined);
  }
}
