import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { Display } from "@pulpit/host";
import fc from "fast-check";
import { lacks } from "../../test/scene.ts";
import { startXvfb } from "../xvfb.ts";
import { X11Connection } from "./connection.ts";
import { type DisplayWatch, watchDisplays } from "./display-watch.ts";
import { parseMonitors } from "./monitors.ts";

const SIZE = { width: 1280, height: 720 };
const skip = lacks("Xvfb", "xrandr");

const xrandr = (display: string, ...args: readonly string[]): void => {
  execFileSync("xrandr", ["--display", display, ...args]);
};

const changed = (watch: DisplayWatch): Promise<void> =>
  new Promise((resolve) => {
    const stop = watch.onChanged(() => {
      stop();
      resolve();
    });
  });

const sizes = (displays: readonly Display[]): readonly (readonly number[])[] =>
  displays.map(({ x, y, width, height }) => [x, y, width, height]);

test("one output is one display, the primary one", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  using watch = await watchDisplays(connection);
  assert.deepEqual(watch.displays, [{ x: 0, y: 0, ...SIZE, name: "screen", primary: true }]);
});

test("a change of resolution is told, once it is over", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  using watch = await watchDisplays(connection);
  xrandr(xvfb.display, "--newmode", "small", ..."0 800 0 0 800 600 0 0 600".split(" "));
  xrandr(xvfb.display, "--addmode", "screen", "small");
  const smaller = changed(watch);
  xrandr(xvfb.display, "--output", "screen", "--mode", "small");
  await smaller;
  assert.deepEqual(sizes(watch.displays), [[0, 0, 800, 600]]);
  const larger = changed(watch);
  xrandr(xvfb.display, "--output", "screen", "--mode", `${SIZE.width}x${SIZE.height}`);
  await larger;
  assert.deepEqual(sizes(watch.displays), [[0, 0, 1280, 720]]);
});

test("monitors that somebody set are the displays, cut to the screen, each one once", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  using watch = await watchDisplays(connection);
  const divided = changed(watch);
  xrandr(xvfb.display, "--setmonitor", "left", "500/100x720/200+0+0", "none");
  xrandr(xvfb.display, "--setmonitor", "*right", "1000/100x720/200+500+0", "screen");
  xrandr(xvfb.display, "--setmonitor", "again", "500/100x720/200+0+0", "none");
  xrandr(xvfb.display, "--setmonitor", "outside", "500/100x720/200+2000+0", "none");
  await divided;
  const byName = watch.displays.toSorted((a, b) => a.x - b.x);
  assert.deepEqual(byName, [
    { x: 0, y: 0, width: 500, height: 720, name: "left", primary: false },
    { x: 500, y: 0, width: 780, height: 720, name: "right", primary: true },
  ]);
});

test("without RandR the whole screen is the display", { skip }, async () => {
  await using xvfb = await startXvfb({ ...SIZE, without: ["RANDR"] });
  await using connection = await X11Connection.open(xvfb.display);
  using watch = await watchDisplays(connection);
  assert.deepEqual(watch.displays, [{ x: 0, y: 0, ...SIZE, name: "screen", primary: true }]);
});

test("a list of monitors may end anywhere", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      for (const monitor of parseMonitors(body)) assert.ok(monitor.width >= 0);
    }),
  );
});
