import type { Codec } from "@pulpit/protocol";

/** What a stream of this codec is called in WebCodecs (docs/protocol/media.md, section 2.6). */
const STRINGS: Readonly<Record<Codec, string>> = {
  vp8: "vp8",
  vp9: "vp09.00.51.08.01.06.06.06.00",
  av1: "av01.0.13M.08",
  // A stream says more about itself in its parameter sets; this is only for asking what the browser can.
  h264: "avc1.640033",
  h265: "hev1.1.6.L153.B0",
};

/** BT.601, limited range: streams say little about it, and browsers guess wrong (section 2.3). */
const COLOUR = { matrix: "smpte170m", primaries: "smpte170m", transfer: "smpte170m", fullRange: false } as const;

/** `unit`: a key frame, from which H.264 takes profile and level; without one the widest are assumed. */
export function decoderConfig(codec: Codec, unit?: Uint8Array): VideoDecoderConfig {
  const string = codec === "h264" ? (avcString(unit) ?? STRINGS.h264) : STRINGS[codec];
  return { codec: string, colorSpace: COLOUR, optimizeForLatency: true };
}

/** `avc1.PPCCLL` of the first sequence parameter set in an Annex B stream. */
function avcString(unit: Uint8Array | undefined): string | undefined {
  if (unit === undefined) return undefined;
  const SPS = 7;
  for (let i = 0; i + 6 < unit.length; i++) {
    const startCode = unit[i] === 0 && unit[i + 1] === 0 && unit[i + 2] === 1;
    if (!startCode || ((unit[i + 3] as number) & 31) !== SPS) continue;
    const hex = [unit[i + 4], unit[i + 5], unit[i + 6]].map((byte) => (byte as number).toString(16).padStart(2, "0"));
    return `avc1.${hex.join("")}`;
  }
  return undefined;
}
