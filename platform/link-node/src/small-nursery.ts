import { setFlagsFromString } from "node:v8";

/**
 * Keeps the part of the heap small in which new objects begin. It would grow to 16 MB twice over in the first busy
 * minute and stay; what a server makes for a message or a connection is garbage a moment later, and sweeping a small
 * nursery often costs it nothing that can be measured (docs/performance.md). For programs that are nothing but a server.
 */
export function keepNurserySmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
