import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietCodecs } from "@pulpit/codec-ffmpeg";
import { TestBrowser } from "../../test-page/browser.ts";
import { encode } from "../../test-page/encode.ts";
import { type Picture, picture } from "../../test-page/pictures.ts";

const REMOTE = { width: 1600, height: 900 };
/** Side of a white mark in the black picture. */
const MARK = 12;
const MARKS = [
  [0, 0],
  [REMOTE.width - MARK, 0],
  [0, REMOTE.height - MARK],
  [REMOTE.width - MARK, REMOTE.height - MARK],
  [804, 452],
] as const;
const within = (x: number, y: number) =>
  MARKS.some(([left, top]) => x >= left && x < left + MARK && y >= top && y < top + MARK);
const marked = picture(REMOTE.width, REMOTE.height, (x, y) => (within(x, y) ? [255, 255, 255] : [0, 0, 0]));

let browser: TestBrowser;
before(async () => {
  quietCodecs();
  browser = await TestBrowser.start();
});
after(() => browser[Symbol.asyncDispose]());

/** Middle of what is white within `reach` of a place; pixels of the screenshot. */
function whiteAround(shot: Picture, near: { x: number; y: number }, reach: number): { x: number; y: number } {
  const sum = { x: 0, y: 0, weight: 0 };
  for (let y = Math.max(0, Math.floor(near.y - reach)); y < Math.min(shot.height, near.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(near.x - reach)); x < Math.min(shot.width, near.x + reach); x++) {
      const value = shot.data[(y * shot.width + x) * 4] as number;
      if (value < 64) continue;
      sum.x += (x + 0.5) * value;
      sum.y += (y + 0.5) * value;
      sum.weight += value;
    }
  }
  assert.ok(sum.weight > 0, "the mark is not on the screen");
  return { x: sum.x / sum.weight, y: sum.y / sum.weight };
}

for (const zoom of [1, 2]) {
  for (const viewport of [
    { width: 1700, height: 1000 },
    { width: 1013, height: 907 },
    { width: 600, height: 333 },
  ]) {
    test(`a click lands on what is seen there: window ${viewport.width}×${viewport.height}, zoom ${zoom}`, async (t) => {
      const tab = await browser.open(t, { viewport, deviceScaleFactor: zoom });
      await tab.show(REMOTE, "contain");
      await tab.feed("vp9", await encode("vp9", [marked]));
      const shot = await tab.seen();
      const scale = Math.min(viewport.width / REMOTE.width, viewport.height / REMOTE.height);
      const edge = {
        x: (viewport.width - REMOTE.width * scale) / 2,
        y: (viewport.height - REMOTE.height * scale) / 2,
      };
      for (const [left, top] of MARKS) {
        const expected = {
          x: (edge.x + (left + MARK / 2) * scale) * zoom,
          y: (edge.y + (top + MARK / 2) * scale) * zoom,
        };
        const found = whiteAround(shot, expected, MARK * scale * zoom * 1.5);
        await tab.page.mouse.click(found.x / zoom, found.y / zoom);
        const [move, ...others] = await tab.calls();
        const [, x, y] = move as [string, number, number];
        // As exact as a screenshot can tell: one of its pixels.
        const slack = 1 / (scale * zoom) + 0.5;
        assert.ok(Math.abs(x + 0.5 - left - MARK / 2) <= slack, `x ${x}, the mark is at ${left}`);
        assert.ok(Math.abs(y + 0.5 - top - MARK / 2) <= slack, `y ${y}, the mark is at ${top}`);
        assert.deepEqual(
          others.filter(([name]) => name === "button"),
          [
            ["button", "left", true],
            ["button", "left", false],
          ],
        );
      }
    });
  }
}

test("a drag goes on outside the picture, and buttons pressed together are told apart", async (t) => {
  const tab = await browser.open(t, { viewport: { width: 500, height: 500 } });
  await tab.show({ width: 400, height: 200 }, "contain");
  const { left, top, width, height } = await tab.box();
  const { mouse } = tab.page;
  await mouse.move(left + 10, top + 10);
  await tab.calls();
  await mouse.down();
  await mouse.move(left + width + 400, top + height + 400);
  assert.deepEqual((await tab.calls()).at(-1), ["movePointer", 399, 199]);
  await mouse.down({ button: "right" });
  await mouse.up({ button: "left" });
  await mouse.down({ button: "left" });
  await mouse.up({ button: "right" });
  await mouse.up({ button: "left" });
  assert.deepEqual(await tab.callsOf("button"), [
    "button right true",
    "button left false",
    "button left true",
    "button right false",
    "button left false",
  ]);
});

test("back and forward go to the desktop and not through the history, and no menu comes up", async (t) => {
  const tab = await browser.open(t);
  await tab.page.goto(`${browser.url}?second`);
  await tab.show(REMOTE);
  const raw = await tab.page.context().newCDPSession(tab.page);
  const buttons = ["back", "forward", "middle", "right"] as const;
  await tab.page.evaluate(() => {
    addEventListener("contextmenu", (event) => window.bench.events.push(`menu ${event.defaultPrevented}`));
  });
  for (const button of buttons) {
    for (const type of ["mousePressed", "mouseReleased"] as const) {
      await raw.send("Input.dispatchMouseEvent", { type, button, x: 300, y: 300, clickCount: 1 });
    }
  }
  assert.deepEqual(
    await tab.callsOf("button"),
    buttons.flatMap((button) => [`button ${button} true`, `button ${button} false`]),
  );
  assert.deepEqual(await tab.page.evaluate(() => window.bench.events), ["menu true"]);
  assert.equal(tab.page.url(), `${browser.url}?second`);
});

test("a display away from the origin has its own coordinates, and a scrolled one as well", async (t) => {
  const tab = await browser.open(t, { viewport: { width: 500, height: 400 } });
  await tab.show({ width: 800, height: 600 }, "original", { x: -1920, y: 50 });
  await tab.page.mouse.move(3.5, 399.5);
  assert.deepEqual((await tab.calls()).at(-1), ["movePointer", -1917, 449]);
  await tab.page.evaluate(() => window.bench.element.scrollTo(100, 120));
  await tab.page.mouse.move(4.5, 200.5);
  assert.deepEqual((await tab.calls()).at(-1), ["movePointer", -1816, 370]);
});

test("the wheel turns in clicks, in both directions, and does not scroll the page", async (t) => {
  const tab = await browser.open(t, { viewport: { width: 500, height: 400 } });
  await tab.show(REMOTE);
  await tab.page.mouse.move(300, 300);
  const clicks: string[] = [];
  for (const [x, y] of [
    [0, 120],
    [0, -240],
    [120, 0],
    [0, 30],
    [0, 30],
  ] as const) {
    await tab.page.mouse.wheel(x, y);
    await tab.page.evaluate(() => new Promise(requestAnimationFrame));
    clicks.push(...(await tab.callsOf("wheel")));
  }
  assert.deepEqual(clicks, ["wheel 0 -1", "wheel 0 2", "wheel -1 0", "wheel 0 -1"]);
  assert.equal(await tab.page.evaluate(() => window.bench.element.scrollTop), 0);
});
