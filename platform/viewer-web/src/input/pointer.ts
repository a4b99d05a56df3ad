import type { PointerButton, ViewerSession } from "@pulpit/viewer";

/** DOM button numbers. */
const BUTTONS: readonly PointerButton[] = ["left", "middle", "right", "back", "forward"];
/** A finger that rests this long means the right button, ms. */
const LONG_PRESS = 550;
/** … and one that moves this far does not rest, CSS pixels. */
const STILL = 12;

/** Where events of the page land on the remote desktop; undefined when nowhere. */
export type Locate = (clientX: number, clientY: number) => { readonly x: number; readonly y: number } | undefined;

/** Mouse, pen and single-finger events of an element, sent on. Returns how to stop. */
export function listenToPointer(
  stage: HTMLElement,
  session: () => ViewerSession | undefined,
  locate: Locate,
  onOwnMove: () => void,
): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  let finger:
    | { readonly id: number; readonly x: number; readonly y: number; timer: ReturnType<typeof setTimeout> }
    | undefined;
  let dragging = false;

  const move = (event: PointerEvent): void => {
    const place = locate(event.clientX, event.clientY);
    if (place === undefined) return;
    onOwnMove();
    session()?.movePointer(place.x, place.y);
  };
  const press = (button: PointerButton, down: boolean): void => session()?.button(button, down);
  const click = (button: PointerButton): void => {
    press(button, true);
    press(button, false);
  };

  const fingerDown = (event: PointerEvent): void => {
    if (!event.isPrimary) {
      // A second finger: the gesture is not a click.
      clearTimeout(finger?.timer);
      finger = undefined;
      return;
    }
    move(event);
    const timer = setTimeout(() => {
      finger = undefined;
      click("right");
    }, LONG_PRESS);
    finger = { id: event.pointerId, x: event.clientX, y: event.clientY, timer };
  };
  const fingerMove = (event: PointerEvent): void => {
    if (finger !== undefined && event.pointerId === finger.id) {
      if (Math.hypot(event.clientX - finger.x, event.clientY - finger.y) < STILL) return;
      clearTimeout(finger.timer);
      finger = undefined;
      dragging = true;
      press("left", true);
    }
    if (dragging && event.isPrimary) move(event);
  };
  const fingerUp = (event: PointerEvent): void => {
    if (dragging && event.isPrimary) {
      dragging = false;
      press("left", false);
    } else if (finger !== undefined && event.pointerId === finger.id) click("left");
    clearTimeout(finger?.timer);
    finger = undefined;
  };

  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handle: (event: HTMLElementEventMap[Name]) => void,
  ): void => stage.addEventListener(name, handle, { signal });

  on("pointerdown", (event) => {
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") return fingerDown(event);
    move(event);
    const button = BUTTONS[event.button];
    if (button !== undefined) press(button, true);
  });
  on("pointermove", (event) => {
    if (event.pointerType === "touch") return fingerMove(event);
    move(event);
    // Further buttons while one is down come as moves.
    const button = BUTTONS[event.button];
    if (event.button > 0 && button !== undefined)
      press(button, (event.buttons & (1 << pressedBit(event.button))) !== 0);
  });
  on("pointerup", (event) => {
    if (event.pointerType === "touch") return fingerUp(event);
    move(event);
    const button = BUTTONS[event.button];
    if (button !== undefined) press(button, false);
  });
  on("pointercancel", () => {
    clearTimeout(finger?.timer);
    finger = undefined;
    dragging = false;
    session()?.releaseAll();
  });
  on("contextmenu", (event) => event.preventDefault());
  // Back and forward would leave the page.
  on("auxclick", (event) => event.preventDefault());
  return () => abort.abort();
}

/** `buttons` counts right before middle, `button` the other way round. */
function pressedBit(button: number): number {
  if (button === 1) return 2;
  return button === 2 ? 1 : button;
}
