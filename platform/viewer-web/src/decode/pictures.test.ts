import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietCodecs } from "@pulpit/codec-ffmpeg";
import { ssim } from "ssim.js";
import { TestBrowser } from "../../test-page/browser.ts";
import { encode } from "../../test-page/encode.ts";
import type { SentUnit } from "../../test-page/page.ts";
import { COLOURS, colourAround, cut, type Picture, picture, testPicture } from "../../test-page/pictures.ts";

const SIZE = { width: 1280, height: 720 };
let browser: TestBrowser;
before(async () => {
  quietCodecs();
  browser = await TestBrowser.start();
});
after(() => browser[Symbol.asyncDispose]());

/** Every colour patch within `tolerance` of 255 steps: a wrong matrix or range is off by 20 and more. */
function assertColours(shown: Picture, tolerance: number): void {
  COLOURS.forEach((colour, i) => {
    const x = Math.floor(((i + 0.5) * shown.width) / COLOURS.length);
    const drawn = colourAround(shown, x, Math.floor(shown.height / 6));
    const off = Math.max(...colour.map((value, c) => Math.abs((drawn[c] as number) - value)));
    assert.ok(off <= tolerance, `${colour} was drawn as ${drawn.map(Math.round)}`);
  });
}

function likeness(shown: Picture, source: Picture): number {
  return ssim(shown, source, { downsample: false }).mssim;
}

for (const codec of ["h264", "vp9", "av1", "vp8"] as const) {
  test(`${codec} is shown as it was, also after the screen changed its size`, async (t) => {
    const tab = await browser.open(t);
    await tab.show(SIZE, "original", { inline: codec === "vp8" });
    for (const [width, height] of [
      [SIZE.width, SIZE.height],
      [840, 602],
    ] as const) {
      await tab.resize(width, height);
      const source = testPicture(width, height);
      const other = picture(width, height, (x, y) => [x & 255, y & 255, 90]);
      assert.deepEqual(await tab.feed(codec, await encode(codec, [other, source, source])), Array(3).fill("shown 0"));
      const shown = await tab.seen(await tab.box());
      assertColours(shown, 8);
      t.diagnostic(`${width}×${height}: SSIM ${likeness(shown, source).toFixed(4)}`);
      assert.ok(likeness(shown, source) > 0.95);
    }
  });
}

test("a screen with odd sides is shown whole, or without its last row and column where a codec has only even ones", async (t) => {
  const tab = await browser.open(t);
  const odd = testPicture(641, 361);
  await tab.show(odd);
  await tab.feed("vp9", await encode("vp9", [odd, odd]));
  assertColours(await tab.seen(await tab.box()), 8);
  const even = cut(odd, 0, 0, 640, 360);
  assert.deepEqual(await tab.feed("h264", await encode("h264", [even, even])), ["shown 0", "shown 0"]);
  const shown = cut(await tab.seen(await tab.box()), 0, 0, 640, 360);
  assert.ok(likeness(shown, even) > 0.95);
});

test("a picture of a size that was not announced is not shown, any is while none was", async (t) => {
  const tab = await browser.open(t);
  const small = picture(320, 200, () => [200, 0, 0]);
  const large = await encode("vp9", [picture(640, 400, () => [0, 200, 0])]);
  await tab.show(small);
  assert.deepEqual(await tab.feed("vp9", await encode("vp9", [small])), ["shown 0"]);
  assert.deepEqual(await tab.feed("vp9", large), ["dropped 0"]);
  assert.ok(colourAround(await tab.seen(await tab.box()), 100, 100)[0] > 150);
  await tab.resize(0, 0);
  assert.deepEqual(await tab.feed("vp9", large), ["shown 0"]);
});

test("without a key frame one is asked for, once; rubbish in its place gives the codec up, and a real one is taken", async (t) => {
  const tab = await browser.open(t);
  await tab.show({ width: 320, height: 200 });
  const stream = await encode(
    "vp9",
    Array.from({ length: 5 }, (_, i) => picture(320, 200, (x) => [x & 255, i * 40, 0])),
  );
  assert.deepEqual(await tab.feed("vp9", stream.slice(1)), ["failed 0", "dropped 0", "dropped 0", "dropped 0"]);
  const rubbish = [{ base64: Buffer.from("this is no picture").toString("base64"), key: true }];
  const said: string[] = [];
  for (let i = 0; i < 3; i++) said.push(...(await tab.feed("vp9", [rubbish])));
  assert.deepEqual(said, ["failed 0", "failed 0", "unsupported vp9"]);
  assert.deepEqual(await tab.feed("vp9", stream), Array(5).fill("shown 0"));
  assert.equal(await tab.page.evaluate(() => window.bench.world?.video.pending), 0);
});

test("a host that floods is cut off, and shown again from its next key frame", async (t) => {
  const tab = await browser.open(t);
  const source = testPicture(SIZE.width, SIZE.height);
  await tab.show(SIZE);
  const [key, next] = (await encode("av1", [source, source])) as [SentUnit[], SentUnit[]];
  await tab.page.evaluate(([key, next]) => window.bench.flood(key, next, "av1", 400), [key, next] as const);
  await tab.page.waitForFunction(() => window.bench.events.includes("failed 0"));
  await tab.feed("av1", [key]);
  await tab.page.waitForFunction(() => window.bench.events.at(-1) === "shown 0");
  assert.equal(await tab.page.evaluate(() => window.bench.events.some((event) => event.startsWith("unsup"))), false);
  assertColours(await tab.seen(await tab.box()), 8);
});

test("five displays can be looked at in turn, and the first one again", async (t) => {
  const tab = await browser.open(t);
  await tab.show({ width: 320, height: 200 });
  const stream = await encode("vp9", [picture(320, 200, () => [0, 0, 200])]);
  for (const display of [0, 1, 2, 3, 4, 0]) {
    const said = await tab.page.evaluate(([stream, display]) => window.bench.feed(stream, "vp9", display), [
      stream,
      display,
    ] as const);
    assert.deepEqual(said, [`shown ${display}`]);
  }
});

test("a page can tell what it decodes, and that it may not without a secure context", async (t) => {
  const tab = await browser.open(t);
  const ask = () => tab.page.evaluate(async () => [window.bench.whyUnsupported(), await window.bench.codecs()]);
  assert.deepEqual(await ask(), [undefined, ["h264", "vp9", "av1", "vp8"]]);
  await tab.page.route("http://pulpit.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, browser.url).href }) });
  });
  await tab.page.goto("http://pulpit.test/");
  assert.deepEqual(await ask(), ["insecure-context", []]);
});
