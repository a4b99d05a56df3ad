import type { I420, Rect } from "@pulpit/host";
import koffi from "koffi";

type Convert = (
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

/** Turns screen pixels into what encoders take, keeping one picture up to date: only changed places are touched. */
export class Converter {
  readonly picture: I420;
  readonly #convert: Convert;

  constructor(width: number, height: number) {
    const strideUV = (width + 1) >> 1;
    const rowsUV = (height + 1) >> 1;
    this.picture = {
      width,
      height,
      y: Buffer.alloc(width * height),
      u: Buffer.alloc(strideUV * rowsUV),
      v: Buffer.alloc(strideUV * rowsUV),
      strideY: width,
      strideUV,
    };
    this.#convert = libyuv() ?? portable;
  }

  /** `pixels`: B, G, R, unused; `stride`: bytes per row. Rectangles grow to even edges, as colour is halved. */
  update(pixels: Uint8Array, stride: number, rects: readonly Rect[]): void {
    const { width, height, y, u, v, strideY, strideUV } = this.picture;
    for (const rect of rects) {
      const left = rect.x & ~1;
      const top = rect.y & ~1;
      const right = Math.min(width, (rect.x + rect.width + 1) & ~1);
      const bottom = Math.min(height, (rect.y + rect.height + 1) & ~1);
      const half = (top >> 1) * strideUV + (left >> 1);
      this.#convert(
        pixels.subarray(top * stride + left * 4),
        stride,
        y.subarray(top * strideY + left),
        strideY,
        u.subarray(half),
        strideUV,
        v.subarray(half),
        strideUV,
        right - left,
        bottom - top,
      );
    }
  }
}

/** The system's libyuv where it is installed: ten times as fast as ours. */
function libyuv(): Convert | undefined {
  try {
    return koffi
      .load("libyuv.so.0")
      .func("int ARGBToI420(void *argb, int stride, void *y, int, void *u, int, void *v, int, int width, int height)");
  } catch {
    return undefined;
  }
}

/** BT.601, limited range, colour averaged over 2 × 2 pixels: what libyuv does. */
const portable: Convert = (source, sourceStride, y, strideY, u, strideU, v, strideV, width, height) => {
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
