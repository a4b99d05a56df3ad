import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { Grab, Screen } from "@pulpit/host";
import { lacks, Painter, staysPending } from "../../test/scene.ts";
import { startXvfb } from "../xvfb.ts";
import { openX11Screen } from "./screen.ts";

const SIZE = { width: 640, height: 480 };
const AREA = { x: 0, y: 0, ...SIZE };
const skip = lacks("Xvfb");

function pixel(grab: Grab | undefined, x: number, y: number): readonly (number | undefined)[] {
  assert.ok(grab);
  const at = y * grab.stride + x * 4;
  return [grab.pixels[at], grab.pixels[at + 1], grab.pixels[at + 2]];
}

/** Everything up to now is read; what comes next is news. */
async function drain(screen: Screen): Promise<void> {
  do await screen.grab();
  while (!(await staysPending(screen.changed(), 100)));
}

test("the screen says what changed, exactly, and gives its pixels", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using painter = await Painter.at(xvfb.display);
  await using screen = await openX11Screen({ display: xvfb.display, area: AREA });
  const first = await screen.grab();
  assert.deepEqual(first?.changed, [AREA]);
  await drain(screen);
  await painter.paint({ x: 100, y: 50, width: 20, height: 10 }, 0xff8040);
  await screen.changed();
  const grab = await screen.grab();
  assert.deepEqual(grab?.changed, [{ x: 100, y: 50, width: 20, height: 10 }]);
  assert.deepEqual(pixel(grab, 100, 50), [0x40, 0x80, 0xff]);
  assert.deepEqual(pixel(grab, 119, 59), [0x40, 0x80, 0xff]);
  assert.deepEqual(pixel(grab, 120, 59), [0, 0, 0]);
  assert.deepEqual(pixel(grab, 99, 50), [0, 0, 0]);
});

test("two changes far apart are two rectangles, near ones are one", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using painter = await Painter.at(xvfb.display);
  await using screen = await openX11Screen({ display: xvfb.display, area: AREA });
  await drain(screen);
  await painter.paint({ x: 0, y: 0, width: 40, height: 30 }, 0x102030);
  await painter.paint({ x: 600, y: 450, width: 40, height: 30 }, 0x405060);
  const far = await screen.grab();
  assert.deepEqual(far?.changed, [
    { x: 0, y: 0, width: 40, height: 30 },
    { x: 600, y: 450, width: 40, height: 30 },
  ]);
  assert.deepEqual(pixel(far, 39, 29), [0x30, 0x20, 0x10]);
  assert.deepEqual(pixel(far, 639, 479), [0x60, 0x50, 0x40]);
  await painter.paint({ x: 200, y: 100, width: 8, height: 16 }, 0xffffff);
  await painter.paint({ x: 216, y: 100, width: 8, height: 16 }, 0xffffff);
  const near = await screen.grab();
  assert.deepEqual(near?.changed, [{ x: 200, y: 100, width: 24, height: 16 }]);
});

test("an idle screen never wakes anybody, and a grab of it is none", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using screen = await openX11Screen({ display: xvfb.display, area: AREA });
  await drain(screen);
  const change = screen.changed();
  assert.ok(await staysPending(change, 1000));
  assert.equal(await screen.grab(), undefined);
  change.catch(() => undefined);
});

test("a monitor inside a larger desktop sees its own part only", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using painter = await Painter.at(xvfb.display);
  const area = { x: 320, y: 40, width: 320, height: 440 };
  await using screen = await openX11Screen({ display: xvfb.display, area });
  await drain(screen);
  await painter.paint({ x: 310, y: 100, width: 20, height: 20 }, 0x0000ff);
  await screen.changed();
  const grab = await screen.grab();
  assert.deepEqual(grab?.changed, [{ x: 0, y: 60, width: 10, height: 20 }]);
  assert.deepEqual(pixel(grab, 9, 79), [0xff, 0, 0]);
  await painter.paint({ x: 10, y: 100, width: 20, height: 20 }, 0x0000ff);
  assert.equal(await screen.grab(), undefined);
});

test("without shared memory the pixels come over the connection, and are the same", { skip }, async () => {
  await using xvfb = await startXvfb({ ...SIZE, without: ["MIT-SHM"] });
  await using painter = await Painter.at(xvfb.display);
  await using screen = await openX11Screen({ display: xvfb.display, area: { x: 20, y: 10, width: 600, height: 400 } });
  await drain(screen);
  await painter.paint({ x: 120, y: 60, width: 20, height: 10 }, 0xff8040);
  const grab = await screen.grab();
  assert.deepEqual(grab?.changed, [{ x: 100, y: 50, width: 20, height: 10 }]);
  assert.deepEqual(pixel(grab, 100, 50), [0x40, 0x80, 0xff]);
  assert.deepEqual(pixel(grab, 119, 59), [0x40, 0x80, 0xff]);
  assert.deepEqual(pixel(grab, 120, 59), [0, 0, 0]);
});

test("an X server that goes away ends the wait with an error", { skip }, async () => {
  const xvfb = await startXvfb(SIZE);
  await using screen = await openX11Screen({ display: xvfb.display, area: AREA });
  await drain(screen);
  const waiting = assert.rejects(screen.changed(), { name: "DesktopError", code: "lost" });
  await xvfb[Symbol.asyncDispose]();
  await waiting;
  await assert.rejects(screen.changed(), { name: "DesktopError", code: "lost" });
  await assert.rejects(screen.grab(), { name: "DesktopError", code: "lost" });
});

test("closing the screen ends the wait, and its pixels are gone without harm", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  const screen = await openX11Screen({ display: xvfb.display, area: AREA });
  const grab = await screen.grab();
  await drain(screen);
  const waiting = assert.rejects(screen.changed(), { name: "DesktopError", code: "lost" });
  await screen[Symbol.asyncDispose]();
  await waiting;
  assert.equal(grab?.pixels.length, 0);
  await screen[Symbol.asyncDispose]();
});

test("a monitor that has shrunk under the screen is lost", { skip: skip || lacks("xrandr") }, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using screen = await openX11Screen({ display: xvfb.display, area: AREA });
  await drain(screen);
  execFileSync("xrandr", ["--display", xvfb.display, "--newmode", "small", ..."0 320 0 0 320 240 0 0 240".split(" ")]);
  execFileSync("xrandr", ["--display", xvfb.display, "--addmode", "screen", "small"]);
  execFileSync("xrandr", ["--display", xvfb.display, "--output", "screen", "--mode", "small"]);
  await screen.changed();
  await assert.rejects(screen.grab(), { name: "DesktopError", code: "lost" });
  await assert.rejects(openX11Screen({ display: xvfb.display, area: AREA }), { name: "DesktopError", code: "lost" });
});

test("a screen whose pixels have another format is refused", { skip }, async () => {
  await using xvfb = await startXvfb({ ...SIZE, depth: 16 });
  const opening = openX11Screen({ display: xvfb.display, area: AREA });
  await assert.rejects(opening, { name: "DesktopError", code: "unsupported" });
});
