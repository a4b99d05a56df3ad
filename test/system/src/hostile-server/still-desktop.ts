import type { Desktop, VideoStream } from "@pulpit/host";

const [width, height] = [320, 240];

/** A desktop on which nothing ever changes: for tests of who gets as far as looking at it. */
export function stillDesktop(): Desktop {
  const nothing = (): void => undefined;
  const stream: VideoStream = {
    width,
    height,
    allow: nothing,
    requestKey: nothing,
    setBitrate: nothing,
    setFrameRate: nothing,
    hurry: nothing,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return {
    platform: "Linux",
    hostname: "still",
    username: "",
    displays: () => [{ x: 0, y: 0, width, height, name: "only", primary: true }],
    onDisplaysChanged: () => nothing,
    video: { codecs: ["vp9"], open: async () => stream },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
