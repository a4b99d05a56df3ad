import { performance } from "node:perf_hooks";
import type { ProcessFigures } from "./metrics.ts";

/** Figures of this process, as of now. */
export function processFigures(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  return {
    // Rounded: the same start has to read the same each time.
    started: Math.round(performance.timeOrigin / 1000),
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    busySeconds: performance.eventLoopUtilization().active / 1000,
  };
}
