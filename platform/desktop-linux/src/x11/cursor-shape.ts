import { createHash } from "node:crypto";
import type { CursorShape } from "@pulpit/host";
import type { CursorImage } from "x11";

/** Pixels of a side at most. Larger ones (enlarged pointers on dense screens) are made smaller by a whole factor. */
const MAX_SIDE = 256;
const BYTES_PER_PIXEL = 4;

/**
 * The shape behind XFixes' image; undefined when it has no pixels. Its id is taken from the picture and not from the
 * server's serial number: programs make the same pointer again and again, and viewers keep all shapes of a session.
 */
export function cursorShape(image: CursorImage): CursorShape | undefined {
  const { cursorImage: source, xhot, yhot } = image;
  const isWhole = source.length >= image.width * image.height * BYTES_PER_PIXEL;
  if (image.width < 1 || image.height < 1 || !isWhole) return undefined;
  const factor = Math.ceil(Math.max(image.width, image.height) / MAX_SIDE);
  const width = Math.ceil(image.width / factor);
  const height = Math.ceil(image.height / factor);
  const pixels = new Uint8Array(width * height * BYTES_PER_PIXEL);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) averageInto(pixels, (y * width + x) * BYTES_PER_PIXEL, image, x, y, factor);
  }
  const hotX = Math.min(Math.floor(xhot / factor), width - 1);
  const hotY = Math.min(Math.floor(yhot / factor), height - 1);
  const hash = createHash("sha256")
    .update(Uint16Array.of(width, height, hotX, hotY))
    .update(pixels)
    .digest();
  return { id: hash.readBigUInt64LE(), width, height, hotX, hotY, pixels };
}

/** One pixel, R, G, B, A, out of factor × factor of B, G, R, A; premultiplied, so that a plain average is right. */
function averageInto(target: Uint8Array, at: number, image: CursorImage, x: number, y: number, factor: number): void {
  const sums = [0, 0, 0, 0];
  let count = 0;
  for (let row = y * factor; row < Math.min((y + 1) * factor, image.height); row++) {
    for (let column = x * factor; column < Math.min((x + 1) * factor, image.width); column++) {
      const from = (row * image.width + column) * BYTES_PER_PIXEL;
      for (let i = 0; i < BYTES_PER_PIXEL; i++) sums[i] = (sums[i] ?? 0) + (image.cursorImage[from + i] ?? 0);
      count++;
    }
  }
  const [blue = 0, green = 0, red = 0, alpha = 0] = sums.map((sum) => Math.round(sum / count));
  target.set([red, green, blue, alpha], at);
}
