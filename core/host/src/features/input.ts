import { buttonOf, MouseType } from "@pulpit/protocol";
import type { MouseEvent, PeerMessage } from "@pulpit/wire";
import type { Display } from "../ports/desktop.ts";
import type { Input } from "../ports/input.ts";
import { EventBudget } from "./event-budget.ts";
import { HeldKeys } from "./held-keys.ts";
import { KeyEvents } from "./key-events.ts";

/** Clicks of the wheel that one event may ask for. */
const MAX_CLICKS = 100;
/** Pixels that one relative move may ask for (docs/protocol/input.md, section 2.5). */
const MAX_DELTA = 10_000;
/** Trackpad pixels that make one click of a wheel. */
const PIXELS_PER_CLICK = 16;

type InputMessage = Extract<PeerMessage, { case: "mouseEvent" | "keyEvent" | "pointerDeviceEvent" }>;

/**
 * What one viewer's mouse and keyboard events mean on this machine, and what it holds down meanwhile.
 * Source: docs/protocol/input.md, sections 2 and 4.
 */
export class InputFeature {
  readonly #input: Input;
  readonly #displays: () => readonly Display[];
  readonly #held = new HeldKeys();
  readonly #keys: KeyEvents;
  readonly #budget = new EventBudget();
  #scrollX = 0;
  #scrollY = 0;

  constructor(options: { input: Input; displays: () => readonly Display[]; platform: "Linux" | "Windows" | "Mac OS" }) {
    this.#input = options.input;
    this.#displays = options.displays;
    this.#keys = new KeyEvents({ input: options.input, held: this.#held, platform: options.platform });
  }

  handle(message: InputMessage, now: number): void {
    const isMove = message.case === "mouseEvent" && (message.value.mask & 7) === MouseType.move;
    if (!this.#budget.allows(now, isMove)) return;
    if (message.case === "keyEvent") this.#keys.handle(message.value, now);
    else if (message.case === "mouseEvent") this.#mouse(message.value, now);
    // Touch gestures have no counterpart on an X11 desktop; stock Linux hosts ignore them too (section 3).
  }

  /** Lets go of everything this viewer holds: its link broke, or it may no longer control. */
  releaseAll(): void {
    const { positions, characters, buttons } = this.#held.takeAll();
    for (const position of positions) this.#input.key(position, false);
    for (const character of characters) this.#input.character(character, false);
    for (const button of buttons) this.#input.button(button, false);
  }

  /** Lets go of what has been held for too long. */
  expire(now: number): void {
    const { positions, characters } = this.#held.takeExpired(now);
    for (const position of positions) this.#input.key(position, false);
    for (const character of characters) this.#input.character(character, false);
  }

  #mouse({ mask, x, y, modifiers }: MouseEvent, now: number): void {
    switch (mask & 7) {
      case MouseType.move: {
        const place = this.#clamped(x, y);
        this.#input.movePointer(place.x, place.y);
        break;
      }
      case MouseType.down:
        this.#button(mask, true, () => this.#keys.withModifiers(modifiers, now));
        break;
      case MouseType.up:
        this.#button(mask, false, () => () => undefined);
        break;
      case MouseType.wheel:
        this.#input.wheel(clamp(x, MAX_CLICKS), clamp(y, MAX_CLICKS));
        break;
      case MouseType.trackpad:
        this.#scroll(x, y);
        break;
      case MouseType.moveBy:
        this.#input.movePointerBy(clamp(x, MAX_DELTA), clamp(y, MAX_DELTA));
        break;
    }
  }

  /** Buttons act where the pointer is; a combination of several has no meaning (section 2.2). */
  #button(mask: number, down: boolean, prepare: () => () => void): void {
    const button = buttonOf(mask);
    if (button === undefined) return;
    const restore = prepare();
    this.#held.button(button, down);
    this.#input.button(button, down);
    restore();
  }

  /** Fine distances add up to clicks; what is left over waits for more (section 2.3). */
  #scroll(x: number, y: number): void {
    this.#scrollX += clamp(x, MAX_DELTA);
    this.#scrollY += clamp(y, MAX_DELTA);
    const clicksX = Math.trunc(this.#scrollX / PIXELS_PER_CLICK);
    const clicksY = Math.trunc(this.#scrollY / PIXELS_PER_CLICK);
    this.#scrollX -= clicksX * PIXELS_PER_CLICK;
    this.#scrollY -= clicksY * PIXELS_PER_CLICK;
    if (clicksX !== 0 || clicksY !== 0) this.#input.wheel(clamp(clicksX, MAX_CLICKS), clamp(clicksY, MAX_CLICKS));
  }

  /** Onto the nearest pixel of the box around all displays (section 9: coordinates are not trusted). */
  #clamped(x: number, y: number): { x: number; y: number } {
    const displays = this.#displays();
    const left = Math.min(...displays.map((display) => display.x));
    const top = Math.min(...displays.map((display) => display.y));
    const right = Math.max(...displays.map((display) => display.x + display.width));
    const bottom = Math.max(...displays.map((display) => display.y + display.height));
    return { x: Math.max(left, Math.min(right - 1, x)), y: Math.max(top, Math.min(bottom - 1, y)) };
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
