import { openX11Screen } from "@pulpit/desktop-linux";
import type { Page } from "playwright-core";
import { ssim } from "ssim.js";
import { CROP, DESKTOP } from "./settings.ts";

/** Pictures of the truth kept for comparison with what the page shows a little later. */
const KEPT = 12;
const EVERY = 33;
const SAMPLES = 5;

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * Structural similarity of what the page shows and what the desktop showed, at the moment that fits best: the
 * page is late by an unknown time, and what counts here is the picture. Median of some samples: in fast motion a picture
 * may fall between two of the truths.
 */
export async function quality(page: Page, canvas: string, display: string): Promise<number> {
  await using screen = await openX11Screen({ display, area: { x: 0, y: 0, ...DESKTOP } });
  const recent: Pixels[] = [];
  let current: Pixels | undefined;
  let running = true;
  const watching = (async () => {
    while (running) {
      // What does not change is still the truth.
      const changed = await Promise.race([
        screen.changed().then(() => true),
        new Promise((resolve) => setTimeout(resolve, EVERY, false)),
      ]);
      const grab = changed === true ? await screen.grab() : undefined;
      if (grab !== undefined) current = cropped(grab.pixels, grab.stride);
      if (current !== undefined) recent.push(current);
      if (recent.length > KEPT) recent.shift();
      await new Promise((resolve) => setTimeout(resolve, EVERY / 2));
    }
  })();
  const scores: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    await page.waitForTimeout(700);
    const shown = await shownCrop(page, canvas);
    const truths = new Set(recent);
    scores.push(Math.max(...[...truths].map((truth) => ssim(shown as never, truth as never).mssim)));
  }
  running = false;
  await watching;
  return scores.sort((a, b) => a - b)[scores.length >> 1] as number;
}

function cropped(pixels: Uint8Array, stride: number): Pixels {
  const { x, y, width, height } = CROP;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (y + row) * stride + (x + column) * 4;
      const to = (row * width + column) * 4;
      data[to] = pixels[from + 2] as number;
      data[to + 1] = pixels[from + 1] as number;
      data[to + 2] = pixels[from] as number;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}

async function shownCrop(page: Page, canvas: string): Promise<Pixels> {
  const values = await page.evaluate(
    ({ expression, crop }) => {
      // biome-ignore lint/security/noGlobalEval: the expression is one of two constants of this benchmark.
      const source: HTMLCanvasElement = globalThis.eval(expression);
      const copy = document.createElement("canvas");
      copy.width = crop.width;
      copy.height = crop.height;
      const brush = copy.getContext("2d") as CanvasRenderingContext2D;
      brush.drawImage(source, crop.x, crop.y, crop.width, crop.height, 0, 0, crop.width, crop.height);
      const { data } = brush.getImageData(0, 0, crop.width, crop.height);
      let text = "";
      for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
      return btoa(text);
    },
    { expression: canvas, crop: CROP },
  );
  return { width: CROP.width, height: CROP.height, data: new Uint8ClampedArray(Buffer.from(values, "base64")) };
}
