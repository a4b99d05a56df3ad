import { PNG } from "pngjs";

/** R, G, B, A, rows without gaps. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export type Colour = readonly [number, number, number];

/** Every corner of the colour cube, greys and some colours of ordinary windows. */
export const COLOURS: readonly Colour[] = [
  [0, 0, 0],
  [255, 255, 255],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
  [128, 128, 128],
  [32, 32, 32],
  [48, 100, 160],
  [200, 120, 60],
];

export function picture(width: number, height: number, colour: (x: number, y: number) => Colour): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...colour(x, y), 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

/** Patches of COLOURS above, and below something like text, a gradient and thin lines. */
export function testPicture(width: number, height: number): Picture {
  const patch = width / COLOURS.length;
  return picture(width, height, (x, y) => {
    if (y < height / 3) return COLOURS[Math.min(COLOURS.length - 1, Math.floor(x / patch))] as Colour;
    if (y < (height * 2) / 3) {
      const ink = (x * 7 + (y >> 3) * 13) % 11 < 4 && y % 16 < 11;
      return ink ? [20, 20, 30] : [245, 245, 240];
    }
    const shade = Math.floor((x * 255) / width);
    return (x + y) % 40 === 0 ? [255, 255, 255] : [shade, 128, 255 - shade];
  });
}

/** Planes Y, U and V without gaps: BT.601, limited range, as docs/protocol/media.md, section 2.3 wants it. */
export function toI420({ width, height, data }: Picture): Buffer {
  const strideUV = (width + 1) >> 1;
  const y = new Uint8Array(width * height);
  const u = new Uint8Array(strideUV * ((height + 1) >> 1));
  const v = new Uint8Array(u.length);
  const luma = (r: number, g: number, b: number): number => 16 + 0.257 * r + 0.504 * g + 0.098 * b;
  for (let i = 0; i < y.length; i++) y[i] = Math.round(luma(...colourAt(data, i)));
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      const around = [0, 1, width, width + 1].map((step) => {
        const inside = (step % width === 0 || column + 1 < width) && (step < width || row + 1 < height);
        return colourAt(data, row * width + column + (inside ? step : 0));
      });
      const mean = (c: 0 | 1 | 2): number => around.reduce((sum, colour) => sum + colour[c], 0) / 4;
      const [r, g, b] = [mean(0), mean(1), mean(2)];
      const at = (row >> 1) * strideUV + (column >> 1);
      u[at] = Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b);
      v[at] = Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b);
    }
  }
  return Buffer.concat([y, u, v]);
}

function colourAt(data: Uint8ClampedArray, pixel: number): Colour {
  return [data[pixel * 4] as number, data[pixel * 4 + 1] as number, data[pixel * 4 + 2] as number];
}

/** Mean colour of a square around a point. */
export function colourAround({ width, data }: Picture, x: number, y: number, reach: number = 4): Colour {
  const sum = [0, 0, 0];
  for (let row = y - reach; row < y + reach; row++) {
    for (let column = x - reach; column < x + reach; column++) {
      colourAt(data, row * width + column).forEach((value, c) => {
        sum[c] = (sum[c] as number) + value;
      });
    }
  }
  return sum.map((value) => value / (4 * reach * reach)) as unknown as Colour;
}

export function fromPng(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** A part of a picture. */
export function cut(from: Picture, left: number, top: number, width: number, height: number): Picture {
  return picture(width, height, (x, y) => colourAt(from.data, (top + y) * from.width + left + x));
}
