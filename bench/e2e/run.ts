// npm run bench:e2e: how quick, how smooth, how sharp and how dear, side by side with VNC in one run.
import { setTimeout as sleep } from "node:timers/promises";
import { startVirtualDesktop } from "@pulpit/desktop-linux";
import { type Browser, chromium } from "playwright-core";
import { countBytes, watch } from "./probe.ts";
import { cpuTime, start, stop } from "./processes.ts";
import { quality } from "./quality.ts";
import { startScene } from "./scenes.ts";
import { CLICKS, DESKTOP, REPEATS, SCENES, type Scene, SYSTEMS, type System, WARM_UP } from "./settings.ts";
import { startSystem } from "./systems.ts";

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

interface Figures {
  readonly clickToPixelP50Ms: number;
  readonly clickToPixelP95Ms: number;
  readonly framesPerSecond: number;
  readonly hostCpuPercent: number;
  readonly bytesPerSecond: number;
  readonly ssim: number;
  /** Clicks that were never seen on the page. */
  readonly missed: number;
}

async function measure(system: System, scene: Scene, display: string, browser: Browser): Promise<Figures> {
  const endScene = await startScene(scene, display);
  await sleep(1500);
  const watched = await startSystem(system, display);
  const page = await browser.newPage({ viewport: DESKTOP });
  try {
    await countBytes(page);
    await watched.open(page);
    await sleep(WARM_UP);
    const before = cpuTime(watched.pids);
    const from = performance.now();
    const { delays, framesPerSecond, bytesPerSecond } = await watch(page, watched.canvas);
    const hostCpuPercent = ((cpuTime(watched.pids) - before) / (performance.now() - from)) * 100;
    if (scene === "idle" || scene === "typing") await sleep(1000);
    const ssim = await quality(page, watched.canvas, display);
    const at = (share: number): number =>
      delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN;
    return {
      clickToPixelP50Ms: at(0.5),
      clickToPixelP95Ms: at(0.95),
      framesPerSecond,
      hostCpuPercent,
      bytesPerSecond,
      ssim,
      missed: CLICKS - delays.length,
    };
  } finally {
    await page.close();
    await watched.stop();
    await endScene();
  }
}

const chosen = <Name extends string>(all: readonly Name[], wanted: string | undefined): readonly Name[] =>
  wanted === undefined ? all : all.filter((name) => wanted.split(",").includes(name));
const scenes = chosen(SCENES, process.env.BENCH_SCENES);
const systems = chosen(SYSTEMS, process.env.BENCH_SYSTEMS);
const runs: Record<string, Figures[]> = {};

// Without the terminal of the virtual desktop, which would lie over the scenes; a window manager of our own.
await using desktop = await startVirtualDesktop({ ...DESKTOP, bare: true });
const manager = start("openbox", [], { DISPLAY: desktop.display });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS.split(" ") });
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const scene of scenes) {
    for (const system of systems) {
      const figures = await measure(system, scene, desktop.display, browser);
      runs[`${scene} ${system}`] = [...(runs[`${scene} ${system}`] ?? []), figures];
      const rounded = Object.entries(figures).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
      console.log(`${repeat + 1}/${REPEATS} ${scene.padEnd(10)} ${system.padEnd(9)} ${rounded.join("  ")}`);
    }
  }
}
await browser.close();
await stop(manager);

function medians(list: readonly Figures[]): Figures {
  const names = Object.keys(list[0] ?? {}) as (keyof Figures)[];
  const middle = (name: keyof Figures): number => {
    const sorted = list.map((figures) => figures[name]).sort((a, b) => a - b);
    return Number((sorted[sorted.length >> 1] as number).toFixed(3));
  };
  return Object.fromEntries(names.map((name) => [name, middle(name)])) as unknown as Figures;
}

const result = Object.fromEntries(
  scenes.map((scene) => [
    scene,
    Object.fromEntries(systems.map((system) => [system, medians(runs[`${scene} ${system}`] ?? [])])),
  ]),
);
console.log(JSON.stringify({ scenes: result }));
process.exit(0);
