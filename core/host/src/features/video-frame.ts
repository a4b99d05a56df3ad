import type { Codec } from "@pulpit/protocol";
import type { PeerMessageInit } from "@pulpit/wire";
import type { EncodedPicture } from "../ports/encoder.ts";

/** A picture as the wire carries it: one unit per message (docs/protocol/media.md, section 2.1). */
export function videoFrame(display: number, codec: Codec, picture: EncodedPicture): PeerMessageInit {
  const frames = { frames: [{ data: picture.data, key: picture.key, pts: BigInt(Math.round(picture.pts)) }] };
  return { case: "videoFrame", value: { display, union: { case: `${codec}s` as const, value: frames } } };
}
