import assert from "node:assert/strict";
import { test } from "node:test";
import { FfmpegDecoder, quietCodecs } from "@pulpit/codec-ffmpeg";
import type { Rect } from "@pulpit/host";
import { Converter } from "./converter.ts";
import { suitableEncoders } from "./encoders.ts";

const WIDTH = 640;
const HEIGHT = 360;
const BOX: Rect = { x: 400, y: 200, width: 100, height: 100 };
const WHOLE: Rect = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const ROUNDS = 60;

/** A page of stripes, like text, so that there is something to predict from. */
function page(): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) pixels.fill((i * 7 + (i >> 9)) % 97 < 20 ? 30 : 230, i * 4, i * 4 + 3);
  return pixels;
}

function paint(pixels: Uint8Array, rect: Rect, [blue, green, red]: readonly [number, number, number]): void {
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) pixels.set([blue, green, red], (y * WIDTH + x) * 4);
  }
}

quietCodecs();

const near = (actual: readonly number[], expected: readonly number[], tolerance: number): boolean =>
  actual.every((value, i) => Math.abs(value - (expected[i] as number)) <= tolerance);

for (const backend of await suitableEncoders()) {
  const open = async () => {
    const encoder = await backend.open({ width: WIDTH, height: HEIGHT, kbps: 4000, framesPerSecond: 30 });
    const decoder = (await FfmpegDecoder.open(backend.codec)) as FfmpegDecoder;
    return { encoder, decoder, converter: new Converter(WIDTH, HEIGHT) };
  };

  for (const hinted of [true, false]) {
    test(`${backend.codec} by ${backend.name}: a toggling box is right every time, ${hinted ? "with" : "without"} a hint where`, async () => {
      const { encoder, decoder, converter } = await open();
      const pixels = page();
      converter.update(pixels, WIDTH * 4, [WHOLE]);
      const wrong: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const colour = i % 2 === 0 ? ([0, 0, 255] as const) : ([255, 0, 0] as const);
        paint(pixels, BOX, colour);
        converter.update(pixels, WIDTH * 4, [BOX]);
        const changed = hinted ? [BOX] : [WHOLE];
        const encoded = encoder.encode(converter.picture, { key: i === 0, pts: i * 33, changed });
        assert.ok(encoded, `picture ${i} was dropped`);
        assert.equal(encoded.key, i === 0);
        const shown = decoder.decode(encoded.data);
        assert.ok(shown, `picture ${i} did not decode`);
        const at = ((BOX.y + 50) * WIDTH + BOX.x + 50) * 4;
        if (!near([...shown.pixels.subarray(at, at + 3)], [colour[2], colour[1], colour[0]], 60)) wrong.push(i);
      }
      assert.deepEqual(wrong, []);
      encoder.close();
      decoder.close();
    });
  }

  test(`${backend.codec} by ${backend.name}: a key frame comes when asked for, and only then`, async () => {
    const { encoder, decoder, converter } = await open();
    converter.update(page(), WIDTH * 4, [WHOLE]);
    const keys = Array.from(
      { length: 40 },
      (_, i) => encoder.encode(converter.picture, { key: i === 0 || i === 25, pts: i * 33, changed: [WHOLE] })?.key,
    );
    assert.deepEqual(
      keys.flatMap((key, i) => (key ? [i] : [])),
      [0, 25],
    );
    encoder.close();
    decoder.close();
  });

  test(`${backend.codec} by ${backend.name}: colours are those of the screen`, async () => {
    const { encoder, decoder, converter } = await open();
    const pixels = new Uint8Array(WIDTH * HEIGHT * 4);
    const colours = [
      [255, 255, 255],
      [0, 0, 255],
      [0, 255, 0],
      [255, 0, 0],
      [128, 128, 128],
      [0, 0, 0],
    ] as const;
    colours.forEach((colour, i) => {
      paint(pixels, { x: i * 100, y: 0, width: 100, height: HEIGHT }, colour);
    });
    converter.update(pixels, WIDTH * 4, [WHOLE]);
    let shown: ReturnType<FfmpegDecoder["decode"]>;
    for (let i = 0; i < 8; i++) {
      const encoded = encoder.encode(converter.picture, { key: i === 0, pts: i * 33, changed: [WHOLE] });
      if (encoded !== undefined) shown = decoder.decode(encoded.data);
    }
    colours.forEach(([blue, green, red], i) => {
      const at = (180 * WIDTH + i * 100 + 50) * 4;
      const actual = [...(shown?.pixels.subarray(at, at + 3) ?? [])];
      assert.ok(near(actual, [red, green, blue], 12), `${[red, green, blue]} came out as ${actual}`);
    });
    encoder.close();
    decoder.close();
  });
}
