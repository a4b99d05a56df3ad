import type { PeerInfoInit } from "@pulpit/wire";
import { displayInfo, primaryIndex } from "./features/display-info.ts";
import type { Desktop } from "./ports/desktop.ts";

/** The stock version whose features this host offers; three parts always (docs/protocol/session.md, section 20). */
export const WIRE_VERSION = "1.4.9";

/** The host as it describes itself after login (docs/protocol/session.md, section 7.2). */
export function peerInfo(desktop: Desktop): PeerInfoInit {
  const { codecs } = desktop.video;
  const displays = desktop.displays();
  return {
    username: desktop.username,
    hostname: desktop.hostname,
    platform: desktop.platform,
    version: WIRE_VERSION,
    displays: displays.map(displayInfo),
    currentDisplay: primaryIndex(displays),
    features: {},
    encoding: {
      h264: codecs.includes("h264"),
      h265: codecs.includes("h265"),
      vp8: codecs.includes("vp8"),
      av1: codecs.includes("av1"),
    },
  };
}
