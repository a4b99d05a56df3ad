import type { ViewerSession } from "@pulpit/viewer";

/** Pixels of one line and of one page, by WheelEvent.deltaMode; a notch is three lines. */
const PIXELS: readonly number[] = [1, 40, 120];
/** Distance that is a click, pixels: less than one notch on any system at usual zooms, which are 53 to 180. */
const CLICK = 50;
/** Distance of a notch when an event reports several at once, pixels. */
const NOTCH = 120;

/** Adds up what a wheel or touchpad reports until it makes a click: a notch is one, whatever its pixels. */
export class WheelClicks {
  #x = 0;
  #y = 0;

  /** Clicks to send now; y > 0 up, x > 0 left (docs/protocol/input.md, section 2.3). */
  add(delta: { readonly deltaX: number; readonly deltaY: number; readonly deltaMode: number }): {
    x: number;
    y: number;
  } {
    const unit = PIXELS[delta.deltaMode] ?? 1;
    this.#x = carried(this.#x, -delta.deltaX * unit);
    this.#y = carried(this.#y, -delta.deltaY * unit);
    const x = clicksOf(this.#x);
    const y = clicksOf(this.#y);
    if (x !== 0) this.#x = 0;
    if (y !== 0) this.#y = 0;
    return { x, y };
  }
}

/** A turn against the direction of what is left over starts anew. */
function carried(left: number, more: number): number {
  return left * more < 0 ? more : left + more;
}

function clicksOf(pixels: number): number {
  const distance = Math.abs(pixels);
  if (distance < CLICK) return 0;
  return Math.sign(pixels) * Math.max(1, Math.floor(distance / NOTCH + 1 / 3));
}

/** Wheel and touchpad scrolling of an element, sent on. Returns how to stop. */
export function listenToWheel(stage: HTMLElement, session: () => ViewerSession | undefined): () => void {
  const clicks = new WheelClicks();
  const abort = new AbortController();
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = clicks.add(event);
      if (x !== 0 || y !== 0) session()?.wheel(x, y);
    },
    { passive: false, signal: abort.signal },
  );
  return () => abort.abort();
}
