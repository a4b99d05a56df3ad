import type { PointerButton, ViewerSession } from "@pulpit/viewer";
import type { Locate } from "./pointer.ts";

/** A finger that rests this long means the right button, ms. */
const LONG_PRESS = 550;
/** … and one that moves this far does not rest, CSS pixels. */
const STILL = 12;
/** Two fingers that come this much closer or farther zoom, CSS pixels; until then they scroll. */
const PINCH = 40;
/** Distance of two fingers that is one click of the wheel, CSS pixels. */
const PER_CLICK = 30;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What two fingers do to the picture here, without the host knowing. */
export interface Magnifier {
  /** Whether the picture is larger than it has room. */
  zoomed(): boolean;
  /** Enlarges by `factor`, so that the point of the page stays where it is. */
  zoomBy(factor: number, at: Point): void;
  /** Moves the picture, CSS pixels. */
  panBy(x: number, y: number): void;
}

/**
 * Fingers on an element: tap is a click, resting the right button, moving a drag; two fingers turn the wheel,
 * pinch to enlarge, and move an enlarged picture. Returns how to stop.
 */
export function listenToTouch(
  stage: HTMLElement,
  session: () => ViewerSession | undefined,
  locate: Locate,
  magnifier: Magnifier,
): () => void {
  const abort = new AbortController();
  const fingers = new Map<number, Point>();
  let gesture: "none" | "press" | "drag" | "two" | "pinch" = "none";
  let start: Point = { x: 0, y: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let apart = 0;
  let turned: Point = { x: 0, y: 0 };

  const move = ({ x, y }: Point): void => {
    const place = locate(x, y);
    if (place !== undefined) session()?.movePointer(place.x, place.y);
  };
  const click = (button: PointerButton): void => {
    session()?.button(button, true);
    session()?.button(button, false);
  };
  /** Ends what one finger began. */
  const letGo = (): void => {
    clearTimeout(timer);
    if (gesture === "drag") session()?.button("left", false);
    gesture = "none";
  };
  const pair = (): { middle: Point; distance: number } => {
    const [a = start, b = start] = [...fingers.values()];
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, distance: Math.hypot(a.x - b.x, a.y - b.y) };
  };

  function oneMoved(at: Point): void {
    if (gesture === "press" && Math.hypot(at.x - start.x, at.y - start.y) >= STILL) {
      clearTimeout(timer);
      gesture = "drag";
      session()?.button("left", true);
    }
    if (gesture === "drag") move(at);
  }

  function twoMoved(before: { middle: Point; distance: number }): void {
    const { middle, distance } = pair();
    if (gesture === "two" && Math.abs(distance - apart) > PINCH) gesture = "pinch";
    const x = middle.x - before.middle.x;
    const y = middle.y - before.middle.y;
    if (gesture === "pinch") magnifier.zoomBy(distance / Math.max(1, before.distance), middle);
    if (gesture === "pinch" || magnifier.zoomed()) {
      magnifier.panBy(x, y);
      return;
    }
    // Fingers take the content along: down is up.
    turned = { x: turned.x + x / PER_CLICK, y: turned.y + y / PER_CLICK };
    const clicks = { x: Math.trunc(turned.x), y: Math.trunc(turned.y) };
    turned = { x: turned.x - clicks.x, y: turned.y - clicks.y };
    if (clicks.x !== 0 || clicks.y !== 0) session()?.wheel(clicks.x, clicks.y);
  }

  const on = (
    name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
    handle: (at: PointerEvent) => void,
  ) =>
    stage.addEventListener(name, (event) => event.pointerType === "touch" && handle(event), { signal: abort.signal });

  on("pointerdown", (event) => {
    const at = { x: event.clientX, y: event.clientY };
    fingers.set(event.pointerId, at);
    letGo();
    if (fingers.size === 1) {
      gesture = "press";
      start = at;
      move(at);
      timer = setTimeout(() => {
        gesture = "none";
        click("right");
      }, LONG_PRESS);
    } else if (fingers.size === 2) {
      gesture = "two";
      apart = pair().distance;
      turned = { x: 0, y: 0 };
      move(pair().middle);
    }
  });
  on("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = pair();
    const at = { x: event.clientX, y: event.clientY };
    fingers.set(event.pointerId, at);
    if (gesture === "two" || gesture === "pinch") twoMoved(before);
    else oneMoved(at);
  });
  on("pointerup", (event) => {
    if (!fingers.delete(event.pointerId)) return;
    const tap = gesture === "press";
    letGo();
    if (tap) click("left");
  });
  on("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    letGo();
  });
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}
