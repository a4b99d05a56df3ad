/** Lowest three bits of MouseEvent.mask (docs/protocol/input.md, section 2.1). */
export const MouseType = { move: 0, down: 1, up: 2, wheel: 3, trackpad: 4, moveBy: 5 } as const;

/** Mouse buttons, as both ends call them. */
export type MouseButton = "left" | "right" | "middle" | "back" | "forward";

/** Button bits, before they are shifted above the type. */
export const BUTTON_BITS: Readonly<Record<MouseButton, number>> = {
  left: 1,
  right: 2,
  middle: 4,
  back: 8,
  forward: 16,
};

/** Type and buttons in one number. */
export function mouseMask(type: number, buttons: number): number {
  return type | (buttons << 3);
}

/** The one button of a mask; undefined for none and for combinations, which have no meaning. */
export function buttonOf(mask: number): MouseButton | undefined {
  for (const [button, bit] of Object.entries(BUTTON_BITS)) if (mask >> 3 === bit) return button as MouseButton;
  return undefined;
}
