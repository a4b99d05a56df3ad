import type { EncoderOptions } from "@pulpit/host";
import type { Codec } from "@pulpit/protocol";

/** How FFmpeg is told to encode a codec for a desktop that is watched live. */
export interface EncoderSettings {
  readonly codec: Codec;
  /** FFmpeg's name of the encoder. */
  readonly encoder: string;
  readonly threads: number;
  /** The encoder follows `setBitrate` while it runs; otherwise it is opened anew for large changes. */
  readonly liveBitrate: boolean;
  /**
   * What the bitrate is to the encoder: its target; a ceiling below which quality decides, so that a calm screen
   * costs little; or nothing but what its options make of it.
   */
  readonly bitrate: "target" | "ceiling" | "options";
  /**
   * How a quiet screen becomes sharp: by finer pictures that only this encoder has to be told of; by a key frame,
   * where still places are never touched again; by itself.
   */
  readonly refinement: "finer" | "key" | "itself";
  options(options: EncoderOptions): Record<string, string>;
}

/** Quality that H.264 aims at in motion and at rest; 18 is where text looks untouched. */
export const CRF = { motion: "22", rest: "18" } as const;

/** Figures and reasons: docs/performance.md. Never open SVT-AV1 with rtc=1: the picture stops updating. */
export const ENCODERS: readonly EncoderSettings[] = [
  {
    codec: "h264",
    encoder: "libx264",
    threads: 2,
    liveBitrate: true,
    bitrate: "ceiling",
    refinement: "finer",
    options: () => ({
      // A third less time than superfast, and a tenth more bytes, for a picture that measures the same.
      preset: "ultrafast",
      tune: "zerolatency",
      crf: CRF.motion,
      "forced-idr": "1",
      // Parameter sets with each key frame (docs/protocol/media.md, section 2.2); no key frame nobody asked for.
      "x264-params": "repeat-headers=1:annexb=1:scenecut=0:keyint=infinite:aq-mode=1:qpmax=38",
    }),
  },
  {
    codec: "vp9",
    encoder: "libvpx-vp9",
    threads: 2,
    liveBitrate: false,
    bitrate: "target",
    refinement: "itself",
    options: () => ({
      deadline: "realtime",
      "cpu-used": "8",
      "lag-in-frames": "0",
      "row-mt": "1",
      "tile-columns": "1",
      "tune-content": "screen",
      "aq-mode": "3",
      qmin: "2",
      qmax: "40",
      keyint_min: "99999",
    }),
  },
  {
    codec: "av1",
    encoder: "libsvtav1",
    threads: 2,
    liveBitrate: false,
    bitrate: "options",
    refinement: "key",
    options: (options) => ({
      preset: "12",
      crf: String(av1Quality(options)),
      "svtav1-params": "rtc=0:rc=0:pred-struct=1:lookahead=0:scm=2",
    }),
  },
  {
    codec: "vp8",
    encoder: "libvpx",
    // Its threads spin while they wait for each other: on a busy machine a second one makes it slower.
    threads: 1,
    liveBitrate: false,
    bitrate: "target",
    refinement: "itself",
    options: () => ({
      deadline: "realtime",
      "cpu-used": "12",
      "lag-in-frames": "0",
      qmin: "2",
      qmax: "56",
      keyint_min: "99999",
    }),
  },
];

/** SVT-AV1's own control of the rate blurs what it sends next after a large picture; a constant quality doesn't. */
function av1Quality({ width, height, framesPerSecond, kbps }: EncoderOptions): number {
  // 30 is good for text at 12 Mbit/s in 1080p; five steps more for each halving.
  const bitsPerPixel = (kbps * 1000) / (width * height * Math.max(1, framesPerSecond));
  return Math.round(Math.max(25, Math.min(48, 30 - 5 * Math.log2(bitsPerPixel / 0.19))));
}
