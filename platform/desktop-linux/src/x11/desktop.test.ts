import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hostname } from "node:os";
import { test } from "node:test";
import type { Display, VideoSource } from "@pulpit/host";
import { lacks } from "../../test/scene.ts";
import { linuxBackends, x11Suits } from "../backends.ts";
import { startXvfb } from "../xvfb.ts";
import { openX11Desktop } from "./desktop.ts";

const SIZE = { width: 640, height: 480 };
const skip = lacks("Xvfb");
const noPictures: VideoSource = {
  codecs: ["vp9"],
  open: () => Promise.reject(new Error("no pictures in this test")),
};

test("the first backend that suits opens the desktop that DISPLAY names", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  let monitors: (() => readonly Display[]) | undefined;
  const [x11] = linuxBackends({ DISPLAY: xvfb.display }, async (display, list) => {
    assert.equal(display, xvfb.display);
    monitors = list;
    return noPictures;
  });
  assert.ok(await x11?.suits());
  const desktop = await x11?.open();
  assert.ok(desktop);
  await using _ = desktop;
  assert.equal(desktop.platform, "Linux");
  assert.equal(desktop.hostname, hostname().toLowerCase());
  assert.deepEqual(desktop.displays(), [{ x: 0, y: 0, ...SIZE, name: "screen", primary: true }]);
  assert.equal(desktop.video, noPictures);
  assert.ok(desktop.input !== undefined && desktop.cursor !== undefined);
  execFileSync("xrandr", ["--display", xvfb.display, "--setmonitor", "half", "320/100x480/100+0+0", "screen"]);
  await new Promise<void>((resolve) => desktop.onDisplaysChanged(resolve));
  assert.equal(desktop.displays()[0]?.width, 320);
  assert.equal(monitors?.()[0]?.name, "half");
});

test("without an X server behind DISPLAY nothing suits", async () => {
  assert.equal(await x11Suits({}), false);
  assert.equal(await x11Suits({ DISPLAY: "" }), false);
  assert.equal(await x11Suits({ DISPLAY: "127.0.0.1:1" }), false);
});

test("a desktop without XTEST has no input", { skip }, async () => {
  await using xvfb = await startXvfb({ ...SIZE, without: ["XTEST"] });
  await using desktop = await openX11Desktop({ display: xvfb.display, openVideo: async () => noPictures });
  assert.equal("input" in desktop, false);
});

test("the end of the X server is told", { skip }, async () => {
  const xvfb = await startXvfb(SIZE);
  await using desktop = await openX11Desktop({ display: xvfb.display, openVideo: async () => noPictures });
  const lost = assert.rejects(desktop.lost, { name: "DesktopError", code: "lost" });
  await xvfb[Symbol.asyncDispose]();
  await lost;
});

test("what keeps the desktop from opening is what one gets", { skip }, async () => {
  await using xvfb = await startXvfb(SIZE);
  const broken = new Error("no encoder");
  const opening = openX11Desktop({ display: xvfb.display, openVideo: () => Promise.reject(broken) });
  await assert.rejects(opening, broken);
});
