import { hostname, userInfo } from "node:os";
import type { Desktop, Display, Input, VideoSource } from "@pulpit/host";
import { DesktopError } from "../errors.ts";
import { X11Connection } from "./connection.ts";
import { openCursorWatch } from "./cursor.ts";
import { watchDisplays } from "./display-watch.ts";
import { openX11Input } from "./input.ts";

/** Makes the pictures of an X display. `monitors`: as they are at the moment. */
export type OpenVideo = (display: string, monitors: () => readonly Display[]) => Promise<VideoSource>;

export interface X11Desktop extends Desktop {
  /** Rejects with DesktopError when the X server is gone; never resolves. */
  readonly lost: Promise<never>;
}

/**
 * An X11 desktop. `display`: as in DISPLAY. `openVideo`: where its pictures come from; called once.
 * Input is absent where the server has no XTEST. Rejects with DesktopError, or with what `openVideo` rejects with.
 */
export async function openX11Desktop(options: {
  readonly display: string;
  readonly openVideo: OpenVideo;
  readonly signal?: AbortSignal;
}): Promise<X11Desktop> {
  const { display, openVideo, signal } = options;
  await using opened = new AsyncDisposableStack();
  const connection = opened.use(await X11Connection.open(display, signal === undefined ? {} : { signal }));
  const watch = opened.use(await watchDisplays(connection));
  const cursor = await openCursorWatch(connection);
  const input = await openInput(display);
  if (input !== undefined) opened.use(input);
  const video = await openVideo(display, () => watch.displays);
  signal?.throwIfAborted();
  const all = opened.move();
  return {
    platform: "Linux",
    hostname: hostname().toLowerCase(),
    username: username(),
    displays: () => watch.displays,
    onDisplaysChanged: (listener) => watch.onChanged(listener),
    video,
    cursor,
    ...(input && { input }),
    lost: connection.lost,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function openInput(display: string): Promise<Input | undefined> {
  try {
    return await openX11Input(display);
  } catch (error) {
    if (error instanceof DesktopError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/** Empty for a user without a name, as in many containers. */
function username(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}
