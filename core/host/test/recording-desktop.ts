import type { Desktop } from "../src/ports/desktop.ts";

/** A desktop that writes down whatever is done to it. */
export interface RecordingDesktop extends Desktop {
  /** Input. */
  readonly done: string[];
  /** Picture streams that were opened. */
  readonly shown: string[];
}

export function recordingDesktop(): RecordingDesktop {
  const done: string[] = [];
  const shown: string[] = [];
  const none = async (): Promise<void> => undefined;
  const display = { x: 0, y: 0, width: 640, height: 480, name: "a", primary: true };
  return {
    done,
    shown,
    platform: "Linux",
    hostname: "desk",
    username: "ada",
    displays: () => [display],
    onDisplaysChanged: () => () => undefined,
    video: {
      codecs: ["vp9"],
      async open() {
        shown.push("vp9");
        const ignore = (): void => undefined;
        const stream = { allow: ignore, requestKey: ignore, setBitrate: ignore, setFrameRate: ignore, hurry: ignore };
        return { width: 640, height: 480, ...stream, [Symbol.asyncDispose]: none };
      },
    },
    input: {
      movePointer: (x, y) => void done.push(`move ${x},${y}`),
      movePointerBy: (x, y) => void done.push(`by ${x},${y}`),
      button: (button, down) => void done.push(`${button} ${down}`),
      wheel: (x, y) => void done.push(`wheel ${x},${y}`),
      key: (position, down) => void done.push(`key ${position} ${down}`),
      lockedKey: (position) => void done.push(`key ${position} true`),
      character: (character, down) => void done.push(`${character} ${down}`),
      type: (text) => void done.push(text),
      settled: none,
      [Symbol.asyncDispose]: none,
    },
    [Symbol.asyncDispose]: none,
  };
}
