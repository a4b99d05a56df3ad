import type { Page } from "playwright-core";
import { CLICKS, CROP, DESKTOP, MARKER } from "./settings.ts";

/** What the page saw. */
export interface Seen {
  /** From the press in the page to the changed colour on the canvas, ms, in order of size. */
  readonly delays: readonly number[];
  /** Changes of the watched part of the picture in a second. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Counts what arrives on every WebSocket of the page, whoever listens. To be called before the page is opened. */
export async function countBytes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = window as unknown as { received: number };
    counted.received = 0;
    // A proxy, not a subclass: noVNC looks for the members of a WebSocket on its very prototype.
    window.WebSocket = new Proxy(window.WebSocket, {
      construct(target, args: ConstructorParameters<typeof WebSocket>) {
        const socket = new target(...args);
        socket.addEventListener("message", ({ data }) => {
          counted.received += data instanceof ArrayBuffer ? data.byteLength : 0;
        });
        return socket;
      },
    });
  });
}

/**
 * Clicks on the marker again and again, and watches. The page has to show the desktop already. `patience`: how long the
 * next click waits for the effect of the last one, ms.
 */
export async function watch(page: Page, canvas: string, patience: number = 0): Promise<Seen> {
  await page.evaluate(startProbe, { canvas, marker: MARKER, crop: CROP, desktop: DESKTOP });
  const at = await page.evaluate(() => (window as unknown as { probe: { at: { x: number; y: number } } }).probe.at);
  await page.mouse.move(at.x, at.y);
  await page.waitForTimeout(500);
  await page.evaluate(() => (window as unknown as { probe: { reset(): void } }).probe.reset());
  for (let i = 0; i < CLICKS; i++) {
    await page.mouse.down();
    await page.mouse.up();
    if (patience > 0) await page.waitForFunction(seen, i + 1, { timeout: patience }).catch(() => undefined);
    // Uneven, so that no fixed rhythm of ours meets one of theirs.
    await page.waitForTimeout(350 + Math.random() * 120);
  }
  const { downs, changes, frames, bytes, seconds } = await page.evaluate(() =>
    (
      window as unknown as {
        probe: { result(): { downs: number[]; changes: number[]; frames: number; bytes: number; seconds: number } };
      }
    ).probe.result(),
  );
  const delays = downs.flatMap((down, i) => {
    const change = changes.find((time) => time > down && time < (downs[i + 1] ?? Number.POSITIVE_INFINITY));
    return change === undefined ? [] : [change - down];
  });
  return { delays: delays.sort((a, b) => a - b), framesPerSecond: frames / seconds, bytesPerSecond: bytes / seconds };
}

/** Runs in the page: whether so many changes of the marker have been seen. */
function seen(count: number): boolean {
  return (window as unknown as { probe: { result(): { changes: number[] } } }).probe.result().changes.length >= count;
}

/** Runs in the page. */
function startProbe(options: {
  canvas: string;
  marker: { x: number; y: number; size: number };
  crop: { x: number; y: number; width: number; height: number };
  desktop: { width: number; height: number };
}): void {
  const { marker, crop, desktop } = options;
  // Once, not in the timers: a page with a content security policy forbids it there.
  // biome-ignore lint/security/noGlobalEval: the expression is one of two constants of this benchmark.
  const canvas: HTMLCanvasElement = globalThis.eval(options.canvas);
  const scale = canvas.width / desktop.width;
  const box = canvas.getBoundingClientRect();
  const spot = document.createElement("canvas");
  spot.width = 1;
  spot.height = 1;
  const brush = spot.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const patch = document.createElement("canvas");
  patch.width = 24;
  patch.height = 8;
  const patchBrush = patch.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const middle = { x: marker.x + marker.size / 2, y: marker.y + marker.size / 2 };
  const colour = (): number => {
    brush.drawImage(canvas, middle.x * scale, middle.y * scale, 1, 1, 0, 0, 1, 1);
    const [red = 0, , blue = 0] = brush.getImageData(0, 0, 1, 1).data;
    return red > 150 && blue < 100 ? 0 : blue > 150 && red < 100 ? 1 : 2;
  };
  const print = (): number => {
    patchBrush.drawImage(canvas, (crop.x + 40) * scale, (crop.y + 40) * scale, 240, 80, 0, 0, 24, 8);
    let sum = 0;
    for (const value of patchBrush.getImageData(0, 0, 24, 8).data) sum = (Math.imul(sum, 31) + value) | 0;
    return sum;
  };
  let last = colour();
  let lastPrint = print();
  let state = { downs: [] as number[], changes: [] as number[], frames: 0, bytes: 0, from: performance.now() };
  const received = (): number => (window as unknown as { received: number }).received;
  setInterval(() => {
    const now = colour();
    if (now !== last && now !== 2) {
      last = now;
      state.changes.push(performance.now());
    }
  }, 3);
  setInterval(() => {
    const now = print();
    if (now !== lastPrint) state.frames += 1;
    lastPrint = now;
  }, 9);
  // Not "mousedown": a page that handles pointers may keep the browser from sending those.
  window.addEventListener("pointerdown", () => state.downs.push(performance.now()), true);
  Object.assign(window, {
    probe: {
      at: { x: box.x + (middle.x * box.width) / desktop.width, y: box.y + (middle.y * box.height) / desktop.height },
      reset: () => {
        state = { downs: [], changes: [], frames: 0, bytes: received(), from: performance.now() };
      },
      result: () => ({ ...state, bytes: received() - state.bytes, seconds: (performance.now() - state.from) / 1000 }),
    },
  });
}
