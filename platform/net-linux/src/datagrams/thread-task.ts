import type { TriageOptions } from "@pulpit/protocol";
import type { Family } from "./socket-name.ts";

/** What the thread is given. All of it is shared memory, descriptors and numbers. */
export interface ThreadTask {
  readonly fd: number;
  readonly family: Family;
  /** Readable when the thread shall end. */
  readonly wakeFd: number;
  readonly triage: TriageOptions;
  readonly ring: SharedArrayBuffer;
  readonly counters: SharedArrayBuffer;
  /** One Int32 each, by index; see FLAG. */
  readonly flags: SharedArrayBuffer;
  /** To be added to the system's monotonic time, ms: makes the time of the server's clock of it. */
  readonly clockOffset: number;
}

export const FLAG = {
  /** 1: the thread shall end. */
  stop: 0,
  /** 1: there is something in the ring, and the server will look. */
  waiting: 1,
} as const;

/** The system's monotonic time, ms: the same for all threads, which `performance.now()` is not. */
export function systemMillis(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
