import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import type { CursorShape } from "@pulpit/host";
import { lacks, until } from "../../test/scene.ts";
import { startXvfb } from "../xvfb.ts";
import { X11Connection } from "./connection.ts";
import { openCursorWatch } from "./cursor.ts";
import { cursorShape } from "./cursor-shape.ts";
import { openX11Input } from "./input.ts";

const SIZE = { width: 640, height: 480 };

test("a change of the pointer's shape arrives, and the same shape has the same id", {
  skip: lacks("Xvfb", "xterm"),
}, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  await using input = await openX11Input(xvfb.display);
  const xterm = spawn("xterm", ["-geometry", "20x5+0+0"], {
    env: { ...process.env, DISPLAY: xvfb.display },
    stdio: "ignore",
  });
  try {
    const shapes: CursorShape[] = [];
    const cursor = await openCursorWatch(connection);
    const stop = cursor.watch({ shape: (shape) => shapes.push(shape), position: () => undefined });
    await until("the first shape", () => shapes.length === 1);
    let x = 0;
    await until("the shape inside the terminal", () => {
      // Moved again and again, as the terminal takes its time to appear.
      input.movePointer(30 + (x++ % 2), 30);
      return shapes.length === 2;
    });
    input.movePointer(600, 400);
    await until("the shape outside", () => shapes.length === 3);
    stop();
    const [outside, inside, again] = shapes;
    assert.notEqual(inside?.id, outside?.id);
    assert.deepEqual(again, outside);
    for (const { width, height, hotX, hotY, pixels } of shapes) {
      assert.equal(pixels.length, width * height * 4);
      assert.ok(hotX < width && hotY < height);
      assert.ok(pixels.some((value) => value !== 0));
    }
  } finally {
    xterm.kill();
  }
});

test("the place of the pointer is told at once and when it changes, to each one who watches", {
  skip: lacks("Xvfb"),
}, async () => {
  await using xvfb = await startXvfb(SIZE);
  await using connection = await X11Connection.open(xvfb.display);
  await using input = await openX11Input(xvfb.display);
  const cursor = await openCursorWatch(connection);
  input.movePointer(11, 22);
  await input.settled();
  const places: string[] = [];
  const late: string[] = [];
  const stop = cursor.watch({ shape: () => undefined, position: (x, y) => places.push(`${x},${y}`) });
  await until("the first place", () => places.length === 1);
  const stopLate = cursor.watch({ shape: () => undefined, position: (x, y) => late.push(`${x},${y}`) });
  assert.deepEqual(late, ["11,22"]);
  input.movePointer(333, 44);
  await until("the second place", () => places.length === 2 && late.length === 2);
  stop();
  input.movePointer(5, 6);
  await until("the third place", () => late.length === 3);
  stopLate();
  assert.deepEqual(places, ["11,22", "333,44"]);
  assert.deepEqual(late, ["11,22", "333,44", "5,6"]);
});

test("a shape is R, G, B, A from the top, and an enlarged one is made smaller", () => {
  const tiny = { width: 2, height: 1, xhot: 1, yhot: 0, cursorSerial: 7, cursorImage: new Uint8Array(8) };
  tiny.cursorImage.set([1, 2, 3, 255, 4, 5, 6, 128]);
  const shape = cursorShape(tiny);
  assert.deepEqual([...(shape?.pixels ?? [])], [3, 2, 1, 255, 6, 5, 4, 128]);
  assert.deepEqual([shape?.width, shape?.height, shape?.hotX, shape?.hotY], [2, 1, 1, 0]);
  assert.equal(cursorShape({ ...tiny, cursorSerial: 8 })?.id, shape?.id);
  assert.notEqual(cursorShape({ ...tiny, xhot: 0 })?.id, shape?.id);

  const large = new Uint8Array(300 * 100 * 4);
  for (let i = 0; i < large.length; i += 8) large.set([0, 0, 0, 0, 80, 40, 20, 100], i);
  const reduced = cursorShape({ width: 300, height: 100, xhot: 299, yhot: 50, cursorSerial: 1, cursorImage: large });
  assert.deepEqual([reduced?.width, reduced?.height, reduced?.hotX, reduced?.hotY], [150, 50, 149, 25]);
  assert.deepEqual([...(reduced?.pixels.subarray(0, 4) ?? [])], [10, 20, 40, 50]);

  assert.equal(cursorShape({ ...tiny, width: 0 }), undefined);
  assert.equal(cursorShape({ ...tiny, width: 3 }), undefined);
});
