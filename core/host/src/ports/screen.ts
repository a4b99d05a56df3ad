import type { Rect } from "./desktop.ts";

/** What changed on a display since the last grab. */
export interface Grab {
  /** Pixels of the whole display, 4 bytes each in the order B, G, R, unused; valid until the next grab. */
  readonly pixels: Uint8Array;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Where pixels may differ from the last grab; never empty, inside the display, at most 64 rectangles. */
  readonly changed: readonly Rect[];
}

/** The pixels of one display. Lives on the video worker; nothing is read while nothing changes. */
export interface Screen extends AsyncDisposable {
  readonly width: number;
  readonly height: number;
  /** Resolves as soon as anything changed since the last grab; immediately before the first one. */
  changed(): Promise<void>;
  /** Reads what changed. Undefined when the change turned out to be none. Rejects when the display is gone. */
  grab(): Promise<Grab | undefined>;
}
