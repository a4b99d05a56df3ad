import type { VpxCodec } from "./library.ts";

/** Controls by number (vp8cx.h). */
export const CONTROL = {
  activeMap: 9,
  cpuUsed: 13,
  noiseSensitivity: 15,
  staticThreshold: 17,
  tileColumns: 33,
  aqMode: 36,
  tuneContent: 43,
  rowMultithreading: 55,
} as const;

/** How a codec is told to encode a desktop that is watched live. Figures: docs/performance.md. */
export interface Profile {
  readonly controls: readonly (readonly [number, number])[];
  readonly threads: number;
  /** Coarsest quantizer while something moves, 0 to 63. */
  readonly maxQuantizer: number;
}

export const PROFILES: Readonly<Record<VpxCodec, Profile>> = {
  vp9: {
    controls: [
      // A quarter less time than 8 for a picture that measures the same.
      [CONTROL.cpuUsed, 9],
      [CONTROL.rowMultithreading, 1],
      [CONTROL.tileColumns, 1],
      [CONTROL.aqMode, 3],
      [CONTROL.tuneContent, 1],
      [CONTROL.staticThreshold, 0],
    ],
    // Two: a host shares its machine with the person at it.
    threads: 2,
    maxQuantizer: 52,
  },
  vp8: {
    // Its mode for screens is left out: it keeps still places from ever becoming sharp.
    controls: [
      [CONTROL.cpuUsed, 12],
      [CONTROL.noiseSensitivity, 0],
      [CONTROL.staticThreshold, 0],
    ],
    // Threads of VP8 spin while they wait for each other: on a busy machine a second one makes it slower.
    threads: 1,
    maxQuantizer: 58,
  },
};

/** A refinement may take this many times the bits of a picture in motion: a fifth of a second's worth. */
export const REFINEMENT_BITS = 6;

/** Coarsest quantizer of a refinement: what is read must be sharp, but a thin line must not be blocked for long. */
export function refinementQuantizer(kbps: number): number {
  if (kbps < 1000) return 36;
  return kbps < 3000 ? 24 : 16;
}
