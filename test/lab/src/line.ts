/** What a line to the internet does to what passes, in each of its two directions. */
export interface Line {
  /** Time on the way, ms. From one side to another both lines count: a round trip has each of them twice. */
  readonly delay: number;
  /** Up to so much more, evenly spread, ms. Frames stay in order, as they do in a queue. */
  readonly jitter: number;
  /** How many of a hundred frames are lost, by chance. */
  readonly loss: number;
  /** Mbit/s of whole Ethernet frames; 0 is as fast as it goes. */
  readonly rate: number;
  /** What may wait for the line, bytes, when there is a rate; what comes when it is full is lost. */
  readonly queue: number;
}

/** A tenth of a second at 20 Mbit/s: what a home router keeps. */
const USUAL_QUEUE = 256 * 1024;

/** A line that does nothing to anything. */
export const PERFECT: Line = { delay: 0, jitter: 0, loss: 0, rate: 0, queue: USUAL_QUEUE };

const FIELDS = ["delay", "jitter", "loss", "rate", "queue"] as const;
const HIGHEST: Line = { delay: 10_000, jitter: 10_000, loss: 100, rate: 10_000, queue: 64 * 1024 * 1024 };

/** `line` with some of it changed. A number that makes no sense is a RangeError. */
export function changedLine(line: Line, change: Partial<Line>): Line {
  const changed = { ...line };
  for (const field of FIELDS) {
    const value = change[field];
    if (value === undefined) continue;
    if (!(value >= 0 && value <= HIGHEST[field])) throw new RangeError(`${field} is 0 to ${HIGHEST[field]}`);
    changed[field] = value;
  }
  return changed;
}

/** How many numbers a line is in shared memory. */
export const LINE_NUMBERS: number = FIELDS.length;

/** Puts a line where the switch reads it. */
export function writeLine(numbers: Float64Array, at: number, line: Line): void {
  FIELDS.forEach((field, i) => {
    numbers[at + i] = line[field];
  });
}

/** The place of a field within a line's numbers. */
export const LINE_FIELD: { readonly [field in keyof Line]: number } = {
  delay: 0,
  jitter: 1,
  loss: 2,
  rate: 3,
  queue: 4,
};
