/** Video codecs of the wire (docs/protocol/media.md, section 2.2). */
export const CODECS = ["vp9", "h264", "av1", "vp8", "h265"] as const;
export type Codec = (typeof CODECS)[number];
