import type { ViewerSession } from "@pulpit/viewer";

/** Distance of one click of a wheel, by WheelEvent.deltaMode: pixels, lines, pages. */
const PER_CLICK: readonly number[] = [100, 3, 1];

/** Adds up what a wheel or touchpad reports until it makes whole clicks. */
export class WheelClicks {
  #x = 0;
  #y = 0;

  /** Clicks to send now; y > 0 up, x > 0 left (docs/protocol/input.md, section 2.3). */
  add(delta: { readonly deltaX: number; readonly deltaY: number; readonly deltaMode: number }): {
    x: number;
    y: number;
  } {
    const unit = PER_CLICK[delta.deltaMode] ?? 100;
    // A turn against the direction of what is left over starts anew.
    this.#x = carried(this.#x, -delta.deltaX / unit);
    this.#y = carried(this.#y, -delta.deltaY / unit);
    const x = Math.trunc(this.#x);
    const y = Math.trunc(this.#y);
    this.#x -= x;
    this.#y -= y;
    return { x: x + 0, y: y + 0 };
  }
}

function carried(left: number, more: number): number {
  return left * more < 0 ? more : left + more;
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
