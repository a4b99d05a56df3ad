/** A size in any unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a remote picture is shown. `contain`: whole, as large as fits; `original`: pixel for pixel, scrolled. */
export type Fit = "contain" | "original";

/** Size of the picture on the page, CSS pixels. `ratio`: device pixels per CSS pixel. */
export function shownSize(picture: Size, room: Size, fit: Fit, ratio: number): Size {
  if (fit === "original") return { width: picture.width / ratio, height: picture.height / ratio };
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  if (!Number.isFinite(scale) || scale <= 0) return { width: 0, height: 0 };
  return { width: picture.width * scale, height: picture.height * scale };
}

/**
 * The pixel of the picture under a point of the page; undefined while nothing is shown. Points outside are
 * moved onto the edge. `box`: where the picture is, CSS pixels.
 */
export function pixelAt(
  point: { readonly x: number; readonly y: number },
  box: Size & { readonly left: number; readonly top: number },
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
