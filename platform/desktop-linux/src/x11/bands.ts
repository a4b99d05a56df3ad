import type { Rect } from "@pulpit/host";

/** Bands closer than this many rows are read as one: a request costs more than a few rows. */
const JOIN_WITHIN = 16;

/** Whole rows to read. */
export interface Band {
  readonly y: number;
  readonly height: number;
}

/** The rows that the rectangles touch, from top to bottom, close ones joined. */
export function bandsOf(rects: readonly Rect[]): Band[] {
  const sorted = [...rects].sort((a, b) => a.y - b.y);
  const bands: { y: number; height: number }[] = [];
  for (const { y, height } of sorted) {
    const last = bands.at(-1);
    if (last !== undefined && y <= last.y + last.height + JOIN_WITHIN) {
      last.height = Math.max(last.height, y + height - last.y);
    } else bands.push({ y, height });
  }
  return bands;
}
