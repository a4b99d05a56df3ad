import type { KeyInput, ViewerSession } from "@pulpit/viewer";

/** Key code of events that an input method keeps for itself. */
const IN_COMPOSITION = 229;

/**
 * Keyboard events of a text area that catches them: keys as keys, and what input methods and on-screen
 * keyboards produce as text. Returns how to stop.
 */
export function listenToKeyboard(catcher: HTMLTextAreaElement, session: () => ViewerSession | undefined): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  let composing = false;

  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handle: (event: HTMLElementEventMap[Name]) => void,
  ): void => catcher.addEventListener(name, handle, { signal });

  on("keydown", (event) => {
    if (composing || event.isComposing || event.keyCode === IN_COMPOSITION || event.key === "Unidentified") return;
    // A dead key is left to the browser: what it composes comes as text.
    if (event.key === "Dead") return;
    event.preventDefault();
    session()?.keyDown(keyInput(event));
  });
  on("keyup", (event) => {
    if (event.key === "Unidentified") return;
    event.preventDefault();
    session()?.keyUp(keyInput(event));
  });
  on("compositionstart", () => {
    composing = true;
  });
  on("compositionend", (event) => {
    composing = false;
    catcher.value = "";
    if (event.data !== "") session()?.typeText(event.data);
  });
  on("input", (event) => {
    if (composing || !(event instanceof InputEvent)) return;
    catcher.value = "";
    if (event.inputType === "insertLineBreak") session()?.typeText("\n");
    else if (event.inputType === "deleteContentBackward") session()?.typeText("\b");
    else if (event.data !== null && event.data !== "") session()?.typeText(event.data);
  });
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
