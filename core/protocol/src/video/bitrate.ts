import type { Codec } from "./codec.ts";

/** Pixels and kbit/s of the stock quality table (docs/protocol/media.md, section 8.2). */
const BASE: readonly (readonly [number, number])[] = [
  [640 * 480, 400],
  [800 * 600, 500],
  [1024 * 768, 800],
  [1280 * 720, 1000],
  [1366 * 768, 1100],
  [1440 * 900, 1300],
  [1600 * 900, 1500],
  [1920 * 1080, 2073],
  [2048 * 1080, 2200],
  [2560 * 1440, 3000],
  [3440 * 1440, 4000],
  [3840 * 2160, 5000],
  [7680 * 4320, 12_000],
];

/** Bits each codec needs for the same picture, relative to VP9. */
const APPETITE: Readonly<Record<Codec, number>> = { vp9: 1, av1: 1, h265: 1.5, vp8: 2, h264: 2 };

/** Bitrate at ratio 1, kbit/s: the table's nearest entry, scaled by pixels. */
export function baseBitrate(width: number, height: number): number {
  const pixels = width * height;
  let nearest = BASE[0] as readonly [number, number];
  for (const entry of BASE) if (Math.abs(entry[0] - pixels) < Math.abs(nearest[0] - pixels)) nearest = entry;
  return Math.round((nearest[1] * pixels) / nearest[0]);
}

/** The encoder's target, kbit/s. */
export function targetBitrate(width: number, height: number, codec: Codec, ratio: number): number {
  return Math.round(baseBitrate(width, height) * APPETITE[codec] * ratio);
}
