import { type RefObject, useEffect, useState } from "react";

/** Chrome's way to let a full-screen page have Alt+Tab, Escape and the like. */
interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

/** Whether the element fills the screen, and how to change that. */
export function useFullScreen(element: RefObject<HTMLElement | null>): readonly [boolean, () => void] {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const changed = (): void => setOn(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = async (): Promise<void> => {
    const { keyboard } = navigator as { keyboard?: KeyboardLock };
    if (document.fullscreenElement !== null) {
      keyboard?.unlock();
      await document.exitFullscreen();
    } else {
      await element.current?.requestFullscreen();
      await keyboard?.lock();
    }
  };
  // A browser that refuses has its reasons; the button can be pressed again.
  return [on, () => void toggle().catch(() => undefined)];
}
