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
  /** The target is a ceiling: quality decides below it, so that a calm screen costs little. */
  readonly qualityDriven: boolean;
  options(options: EncoderOptions): Record<string, string>;
}

/** Figures and reasons: docs/performance.md. Never open SVT-AV1 with rtc=1: the picture stops updating. */
export const ENCODERS: readonly EncoderSettings[] = [
  {
    codec: "h264",
    encoder: "libx264",
    threads: 2,
    liveBitrate: true,
    qualityDriven: true,
    options: () => ({
      preset: "superfast",
      tune: "zerolatency",
      crf: "22",
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
    qualityDriven: false,
    options: () => ({
      deadline: "realtime",
      "cpu-used": "8",
      "lag-in-frames": "0",
      "row-mt": "1",
      "tile-columns": "1",
      "tune-content": "screen",
      "aq-mode": "3",
      keyint_min: "99999",
    }),
  },
  {
    codec: "av1",
    encoder: "libsvtav1",
    threads: 2,
    liveBitrate: false,
    qualityDriven: false,
    options: () => ({ preset: "12", "svtav1-params": "rtc=0:rc=2:pred-struct=1:lookahead=0:scm=2" }),
  },
  {
    codec: "vp8",
    encoder: "libvpx",
    threads: 2,
    liveBitrate: false,
    qualityDriven: false,
    options: () => ({
      deadline: "realtime",
      "cpu-used": "12",
      "lag-in-frames": "0",
      "screen-content-mode": "1",
      keyint_min: "99999",
    }),
  },
];
