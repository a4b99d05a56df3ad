/** A size in any unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size and where it is. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** How a remote picture is shown. `contain`: whole, as large as fits; `original`: pixel for pixel, scrolled. */
export type Fit = "contain" | "original";

/**
 * Where the picture is in its room, CSS pixels: in the middle, or at the edge in a direction where it is larger.
 * `ratio`: device pixels per CSS pixel. `zoom`: how much larger than `fit` says.
 */
export function shownBox(picture: Size, room: Size, fit: Fit, ratio: number, zoom: number = 1): Box {
  const width = picture.width * scaleOf(picture, room, fit, ratio) * zoom;
  const height = picture.height * scaleOf(picture, room, fit, ratio) * zoom;
  return { left: margin(room.width - width, ratio), top: margin(room.height - height, ratio), width, height };
}

/** CSS pixels per pixel of the picture; 0 when there is nothing to show or no room. */
function scaleOf(picture: Size, room: Size, fit: Fit, ratio: number): number {
  const scale = fit === "original" ? 1 / ratio : Math.min(room.width / picture.width, room.height / picture.height);
  return Number.isFinite(scale) ? scale : 0;
}

/** Half of what is free, on a whole device pixel: half a pixel aside would blur every letter. */
function margin(free: number, ratio: number): number {
  return Math.max(0, Math.floor((free / 2) * ratio) / ratio);
}

/**
 * The pixel of the picture under a point of the page; undefined while nothing is shown. Points outside are
 * moved onto the edge. `box`: where the picture is, CSS pixels.
 */
export function pixelAt(
  point: { readonly x: number; readonly y: number },
  box: Box,
  picture: Size,
): { x: number; y: number } | undefined {
  if (box.width <= 0 || box.height <= 0 || picture.width <= 0 || picture.height <= 0) return undefined;
  return {
    x: along(point.x - box.left, box.width, picture.width),
    y: along(point.y - box.top, box.height, picture.height),
  };
}

function along(distance: number, shown: number, pixels: number): number {
  return Math.max(0, Math.min(pixels - 1, Math.floor((distance * pixels) / shown)));
}
