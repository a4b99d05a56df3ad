import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { test } from "node:test";
import type { Screen } from "@pulpit/host";
import { startVirtualDesktop } from "../virtual-desktop.ts";
import { bandsOf, bounded, clipped } from "./bands.ts";
import { X11Connection } from "./connection.ts";
import { openCursorWatch } from "./cursor.ts";
import { readDisplays } from "./displays.ts";
import { openX11Screen } from "./screen.ts";

const AREA = { x: 0, y: 0, width: 640, height: 480 };

const pixel = (grab: { pixels: Uint8Array; stride: number }, x: number, y: number): number[] => [
  ...grab.pixels.subarray(y * grab.stride + x * 4, y * grab.stride + x * 4 + 3),
];

/** Fills a rectangle of the root window; drawn by a real X client. */
async function fill(
  display: string,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: number,
): Promise<void> {
  await using connection = await X11Connection.open(display);
  const client = connection.client as never as {
    AllocID(): number;
    CreateWindow(...args: unknown[]): void;
    MapWindow(id: number): void;
  };
  const window = client.AllocID();
  client.CreateWindow(window, connection.root, x, y, width, height, 0, 0, 0, 0, {
    backgroundPixel: colour,
    overrideRedirect: 1,
  });
  client.MapWindow(window);
  await connection.flushed();
  await new Promise((resolve) => setTimeout(resolve, 50));
}

const pending = async (promise: Promise<unknown>, ms: number): Promise<boolean> =>
  (await Promise.race([promise.then(() => "done"), new Promise((resolve) => setTimeout(resolve, ms, "pending"))])) ===
  "pending";

/** Everything up to now is read; what comes next is news. */
async function drain(screen: Screen): Promise<void> {
  do await screen.grab();
  while (!(await pending(screen.changed(), 200)));
}

test("the screen says what changed, exactly, and gives its pixels", async () => {
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using screen = await openX11Screen({ display: desktop.display, area: AREA });
  const first = await screen.grab();
  assert.deepEqual(first?.changed, [AREA]);
  await drain(screen);
  const drawn = fill(desktop.display, 100, 50, 20, 10, 0xff8040);
  await screen.changed();
  const grab = await screen.grab();
  assert.deepEqual(grab?.changed, [{ x: 100, y: 50, width: 20, height: 10 }]);
  assert.deepEqual(pixel(grab as never, 100, 50), [0x40, 0x80, 0xff]);
  assert.deepEqual(pixel(grab as never, 119, 59), [0x40, 0x80, 0xff]);
  await drawn;
});

test("an idle screen never wakes anybody", async () => {
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using screen = await openX11Screen({ display: desktop.display, area: AREA });
  await drain(screen);
  assert.ok(await pending(screen.changed(), 1000));
});

test("a monitor inside a larger desktop sees its own part only", async () => {
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using screen = await openX11Screen({
    display: desktop.display,
    area: { x: 320, y: 0, width: 320, height: 480 },
  });
  await drain(screen);
  const drawn = fill(desktop.display, 310, 100, 20, 20, 0x0000ff);
  await screen.changed();
  const grab = await screen.grab();
  assert.deepEqual(grab?.changed, [{ x: 0, y: 100, width: 10, height: 20 }]);
  assert.deepEqual(pixel(grab as never, 9, 119), [0xff, 0, 0]);
  await drawn;
});

test("an X server that goes away ends the wait with an error", async () => {
  const desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using screen = await openX11Screen({ display: desktop.display, area: AREA });
  await drain(screen);
  const waiting = assert.rejects(screen.changed(), { name: "DesktopError", code: "lost" });
  await desktop[Symbol.asyncDispose]();
  await waiting;
});

test("a change of the pointer's shape arrives", async () => {
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using connection = await X11Connection.open(desktop.display);
  const xterm = spawn("xterm", ["-geometry", "40x10+0+0"], {
    env: { ...process.env, DISPLAY: desktop.display },
    stdio: "ignore",
  });
  try {
    const cursor = await openCursorWatch(connection);
    const shapes = new Set<bigint>();
    let size = 0;
    const stop = cursor.watch({
      shape: (shape) => {
        shapes.add(shape.id);
        size = shape.pixels.length - shape.width * shape.height * 4;
      },
      position: () => undefined,
    });
    const move = (x: number): void => {
      execFileSync("xdotool", ["mousemove", String(x), "60"], { env: { ...process.env, DISPLAY: desktop.display } });
    };
    for (let i = 0; i < 100 && shapes.size < 2; i++) {
      move(i % 2 === 0 ? 60 : 600);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stop();
    assert.ok(shapes.size >= 2);
    assert.equal(size, 0);
  } finally {
    xterm.kill();
  }
});

test("the display has the size of the X screen", async () => {
  await using desktop = await startVirtualDesktop({ width: 640, height: 480, bare: true });
  await using connection = await X11Connection.open(desktop.display);
  const displays = await readDisplays(connection);
  assert.equal(displays.length, 1);
  const { x, y, width, height, primary } = displays[0] as NonNullable<(typeof displays)[0]>;
  assert.deepEqual([x, y, width, height, primary], [0, 0, 640, 480, true]);
});

test("rectangles are cut to the monitor and close rows are read together", () => {
  const area = { x: 10, y: 10, width: 100, height: 100 };
  assert.deepEqual(clipped([{ x: 0, y: 0, width: 5, height: 5 }], area), []);
  assert.deepEqual(clipped([{ x: 0, y: 0, width: 20, height: 20 }], area), [{ x: 0, y: 0, width: 10, height: 10 }]);
  const rects = [0, 20, 400].map((y) => ({ x: 0, y, width: 10, height: 10 }));
  assert.deepEqual(bandsOf(rects), [
    { y: 0, height: 30 },
    { y: 400, height: 10 },
  ]);
  const many = Array.from({ length: 1000 }, (_, i) => ({ x: i, y: i * 40, width: 1, height: 1 }));
  assert.ok(bounded(many).length <= 64);
});
