import koffi from "koffi";

/** Pixels (B, G, R, unused) to the planes of 4:2:0; all strides in bytes. */
export type Convert = (
  source: Uint8Array,
  sourceStride: number,
  y: Uint8Array,
  strideY: number,
  u: Uint8Array,
  strideU: number,
  v: Uint8Array,
  strideV: number,
  width: number,
  height: number,
) => void;

/** The system's libyuv where it is installed: ten times as fast as ours. */
export function libyuv(): Convert | undefined {
  try {
    return koffi
      .load("libyuv.so.0")
      .func("int ARGBToI420(void *argb, int stride, void *y, int, void *u, int, void *v, int, int width, int height)");
  } catch {
    return undefined;
  }
}

/** BT.601, limited range, colour averaged over 2 × 2 pixels: what libyuv does. */
export const portable: Convert = (source, sourceStride, y, strideY, u, strideU, v, strideV, width, height) => {
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let i = 0; i < 4; i++) {
        // At an odd edge the last row or column stands in for the missing one.
        const py = Math.min(row + (i >> 1), height - 1);
        const px = Math.min(column + (i & 1), width - 1);
        const at = py * sourceStride + px * 4;
        const b = source[at] as number;
        const g = source[at + 1] as number;
        const r = source[at + 2] as number;
        y[py * strideY + px] = (66 * r + 129 * g + 25 * b + 0x1080) >> 8;
        red += r;
        green += g;
        blue += b;
      }
      u[(row >> 1) * strideU + (column >> 1)] = (112 * blue - 74 * green - 38 * red + 4 * 0x8080) >> 10;
      v[(row >> 1) * strideV + (column >> 1)] = (112 * red - 94 * green - 18 * blue + 4 * 0x8080) >> 10;
    }
  }
};
