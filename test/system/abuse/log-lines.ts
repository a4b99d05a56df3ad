import type { LogLine } from "./server-process.ts";

const MINUTE = 60_000;

/** The source with the most lines of the log within a minute, and their number: a log that can be flooded is a full disk. */
export function loudest(lines: readonly LogLine[]): readonly [source: string, count: number] {
  const recent = new Map<string, number[]>();
  let most: readonly [string, number] = ["nobody", 0];
  for (const { time, address } of lines) {
    if (typeof address !== "string") continue;
    const times = [...(recent.get(address) ?? []), time].filter((one) => time - one < MINUTE);
    recent.set(address, times);
    if (times.length > most[1]) most = [address, times.length];
  }
  return most;
}
