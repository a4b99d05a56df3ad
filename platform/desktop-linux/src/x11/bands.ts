import type { Rect } from "@pulpit/host";

/** Rectangles reported for one grab at most. */
const MAX_RECTS = 64;
/** Bands closer than this many rows are read as one: a request costs more than a few rows. */
const JOIN_WITHIN = 16;

/** Whole rows to read. */
export interface Band {
  readonly y: number;
  readonly height: number;
}

/** Rectangles inside `area`, relative to it; what lies outside is cut off. */
export function clipped(rects: readonly Rect[], area: Rect): Rect[] {
  const inside: Rect[] = [];
  for (const rect of rects) {
    const left = Math.max(rect.x, area.x);
    const top = Math.max(rect.y, area.y);
    const right = Math.min(rect.x + rect.width, area.x + area.width);
    const bottom = Math.min(rect.y + rect.height, area.y + area.height);
    if (right <= left || bottom <= top) continue;
    inside.push({ x: left - area.x, y: top - area.y, width: right - left, height: bottom - top });
  }
  return inside;
}

/** At most 64 rectangles that cover the same; when there are more, one for each band of rows. */
export function bounded(rects: readonly Rect[]): Rect[] {
  if (rects.length <= MAX_RECTS) return [...rects];
  const bands = bandsOf(rects).slice(0, MAX_RECTS);
  return bands.map(({ y, height }) => {
    const inside = rects.filter((rect) => rect.y < y + height && rect.y + rect.height > y);
    const left = Math.min(...inside.map((rect) => rect.x));
    const right = Math.max(...inside.map((rect) => rect.x + rect.width));
    return { x: left, y, width: right - left, height };
  });
}

/** The rows that the rectangles touch, from top to bottom, close ones joined; at most 64 bands. */
export function bandsOf(rects: readonly Rect[]): Band[] {
  const sorted = [...rects].sort((a, b) => a.y - b.y);
  const bands: { y: number; height: number }[] = [];
  for (const { y, height } of sorted) {
    const last = bands.at(-1);
    const joins = last !== undefined && (y <= last.y + last.height + JOIN_WITHIN || bands.length >= MAX_RECTS);
    if (joins) last.height = Math.max(last.height, y + height - last.y);
    else bands.push({ y, height });
  }
  return bands;
}
