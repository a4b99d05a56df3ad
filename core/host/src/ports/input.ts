export type PointerButton = "left" | "right" | "middle" | "back" | "forward";

/** States lock keys should seem to have for one key; undefined: whatever they have. */
export interface Locks {
  readonly caps: boolean | undefined;
  readonly num: boolean | undefined;
}

/**
 * Puts input into the machine. Thin: no policy, no memory of who holds what (core/host/features/input does that).
 * Calls are performed in order; those that return a promise are done when it resolves, and the next call
 * waits for it inside the port.
 */
export interface Input extends AsyncDisposable {
  /** Absolute, host desktop coordinates. */
  movePointer(x: number, y: number): void;
  movePointerBy(dx: number, dy: number): void;
  button(button: PointerButton, down: boolean): void;
  /** Clicks of the wheel; y > 0 up, x > 0 left (docs/protocol/input.md, section 2.3). */
  wheel(x: number, y: number): void;
  /** Presses or releases the key at a position code of this platform. Unknown codes do nothing. */
  key(position: number, down: boolean): void;
  /** Presses a key as if the lock keys were in these states, and leaves them as they are (input.md, section 4.5). */
  lockedKey(position: number, locks: Locks): void;
  /**
   * Presses or releases a key that gives this character in the present layout, and with the modifiers that
   * needs; a character the layout lacks is put on a spare key first.
   */
  character(character: string, down: boolean): void;
  /** Types the text exactly as it is, whatever layout and lock state. */
  type(text: string): void;
  /** Resolves when everything asked for so far has reached the system. */
  settled(): Promise<void>;
}
