import { type Codec, encodingFromWire } from "@pulpit/protocol";
import type { DisplayInfo, PeerInfo } from "@pulpit/wire";
import type { RemoteDisplay, RemotePeer } from "../state.ts";

/** Displays a host may announce; more are not shown. */
const MAX_DISPLAYS = 32;
/** Pixels along one side that a picture may have. */
const MAX_SIDE = 16_384;
/** Characters of a host's self-description that are kept. */
const MAX_TEXT = 128;

/** The host's description with everything bounded. `decodable`: what this viewer decodes, best first. */
export function remotePeer(info: PeerInfo, decodable: readonly Codec[]): RemotePeer {
  const encodable = encodingFromWire(info.encoding);
  return {
    hostname: info.hostname.slice(0, MAX_TEXT),
    username: info.username.slice(0, MAX_TEXT),
    platform: info.platform.slice(0, MAX_TEXT),
    version: info.version.slice(0, MAX_TEXT),
    displays: remoteDisplays(info.displays),
    codecs: decodable.filter((codec) => encodable.has(codec)),
  };
}

export function remoteDisplays(displays: readonly DisplayInfo[]): readonly RemoteDisplay[] {
  return displays.slice(0, MAX_DISPLAYS).map((display) => ({
    x: display.x,
    y: display.y,
    width: side(display.width),
    height: side(display.height),
    name: display.name.slice(0, MAX_TEXT),
  }));
}

function side(pixels: number): number {
  return Math.max(0, Math.min(MAX_SIDE, pixels));
}
