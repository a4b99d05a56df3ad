import type { Rect } from "@pulpit/host";

/** Rectangles reported for one grab at most (the port's promise). */
const MAX_RECTS = 64;
/** Rectangles looked at one by one; a region of more is coarsened first, as comparing them costs more than it saves. */
const MAX_COMPARED = 1024;
/** Pixels that may be read in vain to have one rectangle less: as many as 64 × 64, the largest coding block. */
const CHEAP = 64 * 64;

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

/**
 * At most 64 rectangles that cover the same and little else: each one joins the earlier one with which it wastes
 * least, when that is next to nothing or when the list is full. Far ones stay apart.
 */
export function merged(rects: readonly Rect[]): Rect[] {
  const list: Rect[] = [];
  for (const rect of coarse(rects)) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, other] of list.entries()) {
      const waste = size(union(other, rect)) - size(other) - size(rect);
      if (waste >= least) continue;
      best = index;
      least = waste;
    }
    if (least <= CHEAP || list.length >= MAX_RECTS) list[best] = union(list[best] as Rect, rect);
    else list.push(rect);
  }
  return list;
}

/** Neighbours in the server's order (by rows) put together until few enough are left. */
function coarse(rects: readonly Rect[]): readonly Rect[] {
  if (rects.length <= MAX_COMPARED) return rects;
  const step = Math.ceil(rects.length / MAX_COMPARED);
  const groups: Rect[] = [];
  for (let i = 0; i < rects.length; i += step) groups.push(rects.slice(i, i + step).reduce(union));
  return groups;
}

function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  return { x, y, width, height };
}

function size({ width, height }: Rect): number {
  return width * height;
}
