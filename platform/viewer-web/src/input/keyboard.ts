import type { KeyInput, ViewerSession } from "@pulpit/viewer";

/** Key code of events that an input method keeps for itself. */
const IN_COMPOSITION = 229;
/** Stands in the text area, so that an on-screen keyboard has something to delete. */
const FILLER = "____";

/**
 * Keyboard events of a text area that catches them: keys as keys, and what input methods and on-screen
 * keyboards produce as text. While there is no desktop to type on, keys stay the browser's. Returns how to stop.
 */
export function listenToKeyboard(catcher: HTMLTextAreaElement, session: () => ViewerSession | undefined): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  let composing = false;

  /** The session, when it takes keys. */
  const live = (): ViewerSession | undefined => {
    const now = session();
    return now?.state.phase.name === "connected" && !now.state.viewOnly ? now : undefined;
  };
  const empty = (): void => {
    catcher.value = FILLER;
    catcher.setSelectionRange(FILLER.length, FILLER.length);
  };
  const stroke = (name: string): void => {
    live()?.keyDown(namedKey(name));
    live()?.keyUp(namedKey(name));
  };
  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handle: (event: HTMLElementEventMap[Name]) => void,
  ): void => catcher.addEventListener(name, handle, { signal });

  on("keydown", (event) => {
    if (composing || event.isComposing || event.keyCode === IN_COMPOSITION || event.key === "Unidentified") return;
    // A dead key is left to the browser: what it composes comes as text.
    if (event.key === "Dead" || live() === undefined) return;
    event.preventDefault();
    live()?.keyDown(keyInput(event));
  });
  on("keyup", (event) => {
    if (event.key === "Unidentified" || live() === undefined) return;
    event.preventDefault();
    live()?.keyUp(keyInput(event));
  });
  on("compositionstart", () => {
    composing = true;
  });
  on("compositionend", (event) => {
    composing = false;
    empty();
    if (event.data !== "") live()?.typeText(event.data);
  });
  on("input", (event) => {
    if (composing || !(event instanceof InputEvent)) return;
    empty();
    if (event.inputType === "insertLineBreak") stroke("Enter");
    else if (event.inputType.startsWith("delete")) stroke("Backspace");
    else if (event.data !== null && event.data !== "") live()?.typeText(event.data);
  });
  on("paste", (event) => {
    event.preventDefault();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "") live()?.typeText(text);
  });
  on("focus", empty);
  on("blur", () => session()?.releaseAll());
  document.addEventListener("visibilitychange", () => document.hidden && session()?.releaseAll(), { signal });
  globalThis.addEventListener("blur", () => session()?.releaseAll(), { signal });
  return () => abort.abort();
}

function keyInput(event: KeyboardEvent): KeyInput {
  return {
    code: event.code,
    key: event.key,
    ctrl: event.ctrlKey,
    alt: event.altKey,
    shift: event.shiftKey,
    meta: event.metaKey,
    altGraph: event.getModifierState("AltGraph"),
    capsLock: event.getModifierState("CapsLock"),
    numLock: event.getModifierState("NumLock"),
    repeat: event.repeat,
  };
}

/** A key by its name, as nobody pressed it: on-screen keyboards tell only what it did. */
function namedKey(name: string): KeyInput {
  const up = { ctrl: false, alt: false, shift: false, meta: false, altGraph: false };
  return { code: name, key: name, ...up, capsLock: false, numLock: false, repeat: false };
}
