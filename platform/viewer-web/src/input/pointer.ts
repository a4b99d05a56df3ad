import type { PointerButton, ViewerSession } from "@pulpit/viewer";

/** DOM button numbers. */
const BUTTONS: readonly PointerButton[] = ["left", "middle", "right", "back", "forward"];

/** Where events of the page land on the remote desktop; undefined when nowhere. */
export type Locate = (clientX: number, clientY: number) => { readonly x: number; readonly y: number } | undefined;

/** Mouse and pen events of an element, sent on. Returns how to stop. */
export function listenToPointer(
  stage: HTMLElement,
  session: () => ViewerSession | undefined,
  locate: Locate,
  onOwnMove: () => void,
): () => void {
  const abort = new AbortController();

  const move = (event: PointerEvent): void => {
    const place = locate(event.clientX, event.clientY);
    if (place === undefined) return;
    onOwnMove();
    session()?.movePointer(place.x, place.y);
  };
  const press = (number: number, down: boolean): void => {
    const button = BUTTONS[number];
    if (button !== undefined) session()?.button(button, down);
  };
  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handle: (event: HTMLElementEventMap[Name]) => void,
  ): void => stage.addEventListener(name, handle, { signal: abort.signal });

  on("pointerdown", (event) => {
    if (event.pointerType === "touch") return;
    stage.setPointerCapture(event.pointerId);
    move(event);
    press(event.button, true);
  });
  on("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    move(event);
    // Further buttons while one is down come as moves; -1 is none.
    if (event.button >= 0) press(event.button, (event.buttons & (1 << pressedBit(event.button))) !== 0);
  });
  on("pointerup", (event) => {
    if (event.pointerType === "touch") return;
    move(event);
    press(event.button, false);
  });
  on("pointercancel", (event) => {
    if (event.pointerType !== "touch") session()?.releaseAll();
  });
  on("contextmenu", (event) => event.preventDefault());
  // Back and forward would leave the page, a middle click would scroll or paste, a press would take the focus.
  for (const name of ["mousedown", "mouseup", "auxclick"] as const) on(name, (event) => event.preventDefault());
  return () => abort.abort();
}

/** `buttons` counts right before middle, `button` the other way round. */
function pressedBit(button: number): number {
  if (button === 1) return 2;
  return button === 2 ? 1 : button;
}
