import type { I420 } from "@pulpit/host";
import type { Frame } from "node-av/lib";

/** Copies a picture into the memory of a frame that has its size. */
export function copyPicture({ width, height, y, u, v, strideY, strideUV }: I420, frame: Frame): void {
  const planes = frame.data ?? [];
  const lines = frame.linesize;
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  copyPlane(y, strideY, planes[0] as Buffer, lines[0] as number, width, height);
  copyPlane(u, strideUV, planes[1] as Buffer, lines[1] as number, half.width, half.height);
  copyPlane(v, strideUV, planes[2] as Buffer, lines[2] as number, half.width, half.height);
}

function copyPlane(
  from: Uint8Array,
  fromStride: number,
  to: Buffer,
  toStride: number,
  width: number,
  height: number,
): void {
  if (fromStride === toStride) {
    to.set(from.subarray(0, fromStride * height));
    return;
  }
  for (let row = 0; row < height; row++)
    to.set(from.subarray(row * fromStride, row * fromStride + width), row * toStride);
}
