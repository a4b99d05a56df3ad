import type { DisplayInfoInit, PeerMessageInit } from "@pulpit/wire";
import type { Display } from "../ports/desktop.ts";

/** A display as PeerInfo carries it (docs/protocol/media.md, section 6.1). */
export function displayInfo(display: Display): DisplayInfoInit {
  return {
    x: display.x,
    y: display.y,
    width: display.width,
    height: display.height,
    name: display.name,
    online: true,
    cursorEmbedded: false,
    originalResolution: { width: display.width, height: display.height },
    scale: 1,
  };
}

/** The whole geometry of one display; pictures of another size must follow it, never precede it (section 2.5). */
export function switchDisplay(index: number, display: Display): PeerMessageInit {
  const { x, y, width, height } = display;
  const value = { display: index, x, y, width, height, originalResolution: { width, height } };
  return { case: "misc", value: { union: { case: "switchDisplay", value } } };
}

/** The refreshed list of displays (section 6.3). */
export function displayList(displays: readonly Display[]): PeerMessageInit {
  return { case: "peerInfo", value: { displays: displays.map(displayInfo) } };
}

/** Index of the display a viewer sees first. */
export function primaryIndex(displays: readonly Display[]): number {
  return Math.max(
    0,
    displays.findIndex((display) => display.primary),
  );
}
