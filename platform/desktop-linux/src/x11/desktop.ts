import { hostname, userInfo } from "node:os";
import type { Desktop, Display, Input, VideoSource } from "@pulpit/host";
import { X11Connection } from "./connection.ts";
import { openCursorWatch } from "./cursor.ts";
import { readDisplays, watchDisplays } from "./displays.ts";
import { openX11Input } from "./input.ts";

/** An X11 desktop whose pictures are made by `video`, which is given the display and the monitors. */
export async function openX11Desktop(options: {
  readonly display: string;
  readonly openVideo: (display: string, monitors: () => readonly Display[]) => Promise<VideoSource>;
}): Promise<Desktop & { readonly lost: Promise<never> }> {
  const connection = await X11Connection.open(options.display);
  let displays = await readDisplays(connection);
  const listeners = new Set<() => void>();
  await watchDisplays(connection, () => {
    readDisplays(connection).then(
      (now) => {
        if (JSON.stringify(now) === JSON.stringify(displays)) return;
        displays = now;
        for (const listener of listeners) listener();
      },
      // The connection's end is told by `lost`.
      () => undefined,
    );
  });
  const input: Input = await openX11Input(options.display);
  return {
    platform: "Linux",
    hostname: hostname().toLowerCase(),
    username: userInfo().username,
    displays: () => displays,
    onDisplaysChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    video: await options.openVideo(options.display, () => displays),
    input,
    cursor: await openCursorWatch(connection),
    lost: connection.lost,
    async [Symbol.asyncDispose]() {
      await input[Symbol.asyncDispose]();
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** Whether there is an X server behind this name. */
export async function x11Answers(display: string): Promise<boolean> {
  try {
    await using connection = await X11Connection.open(display);
    await connection.flushed();
    return true;
  } catch {
    return false;
  }
}
