import type { I420, Rect } from "@pulpit/host";
import { type Convert, libyuv, portable } from "./conversion.ts";

/** Turns screen pixels into what encoders take, keeping one picture up to date: only changed places are touched. */
export class Converter {
  readonly picture: I420;
  readonly #convert: Convert;

  constructor(width: number, height: number, convert: Convert = libyuv() ?? portable) {
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
    this.#convert = convert;
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
