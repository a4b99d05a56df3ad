import type { Clock } from "@pulpit/link";
import { BUTTON_BITS, MouseType, mouseMask } from "@pulpit/protocol";
import type { ControlKey, PeerMessageInit } from "@pulpit/wire";
import type { RemoteDisplay } from "../state.ts";
import type { PointerButton } from "../viewer.ts";

/** Moves go out at most this often, ms: the latest place wins (docs/protocol/input.md, section 8). */
const MOVE_EVERY = 8;
/** Wheel clicks in one event; a page that reports more is broken. */
const MAX_CLICKS = 100;

/** The pointer as the host should see it: few moves, no lost buttons. Source: docs/protocol/input.md, section 2. */
export class Pointer {
  readonly #displays: () => readonly RemoteDisplay[];
  readonly #clock: Clock;
  readonly #send: (message: PeerMessageInit) => void;
  readonly #held = new Set<PointerButton>();
  #place: { readonly x: number; readonly y: number } | undefined;
  #unsent = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(displays: () => readonly RemoteDisplay[], clock: Clock, send: (message: PeerMessageInit) => void) {
    this.#displays = displays;
    this.#clock = clock;
    this.#send = send;
  }

  /** Host desktop coordinates. */
  move(x: number, y: number): void {
    this.#place = this.#clamped(x, y);
    this.#unsent = true;
    const wait = this.#sentAt + MOVE_EVERY - this.#clock.now();
    if (wait <= 0) this.#flush();
    else this.#cancel ??= this.#clock.alarm(this.#clock.now() + wait, () => this.#flush());
  }

  /** A press carries no place of its own: a move to where it belongs goes before it. */
  button(button: PointerButton, down: boolean, modifiers: readonly ControlKey[]): void {
    if (!down && !this.#held.has(button)) return;
    if (down) this.#sendMove();
    else this.#flush();
    if (down) this.#held.add(button);
    else this.#held.delete(button);
    const mask = mouseMask(down ? MouseType.down : MouseType.up, BUTTON_BITS[button]);
    this.#send({ case: "mouseEvent", value: { mask, modifiers: [...modifiers] } });
  }

  /** Clicks; y > 0 up, x > 0 left. */
  wheel(x: number, y: number): void {
    this.#flush();
    const clicks = (n: number): number => Math.max(-MAX_CLICKS, Math.min(MAX_CLICKS, Math.trunc(n)));
    if (clicks(x) === 0 && clicks(y) === 0) return;
    this.#send({ case: "mouseEvent", value: { mask: MouseType.wheel, x: clicks(x), y: clicks(y) } });
  }

  releaseAll(): void {
    for (const button of [...this.#held]) this.button(button, false, []);
  }

  #flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#unsent) this.#sendMove();
  }

  #sendMove(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#unsent = false;
    if (this.#place === undefined) return;
    this.#sentAt = this.#clock.now();
    const buttons = [...this.#held].reduce((bits, button) => bits | BUTTON_BITS[button], 0);
    this.#send({ case: "mouseEvent", value: { mask: mouseMask(MouseType.move, buttons), ...this.#place } });
  }

  /** Onto the nearest pixel of the box around all displays. */
  #clamped(x: number, y: number): { x: number; y: number } {
    const displays = this.#displays();
    if (displays.length === 0) return { x: Math.trunc(x), y: Math.trunc(y) };
    const left = Math.min(...displays.map((display) => display.x));
    const top = Math.min(...displays.map((display) => display.y));
    const right = Math.max(...displays.map((display) => display.x + display.width));
    const bottom = Math.max(...displays.map((display) => display.y + display.height));
    return {
      x: Math.max(left, Math.min(right - 1, Math.trunc(x))),
      y: Math.max(top, Math.min(bottom - 1, Math.trunc(y))),
    };
  }
}
