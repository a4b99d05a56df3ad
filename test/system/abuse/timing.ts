import assert from "node:assert/strict";

/** What the servers promise to everybody who behaves, whatever others do, ms. */
export const ANSWER_WITHIN = 1000;
/** Attempts given up after this; they count as this long, ms. */
const GIVE_UP_AFTER = 2000;

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long each of `attempts` took, ms; one without an answer counts as GIVE_UP_AFTER. */
export class Times {
  readonly taken: number[] = [];

  async measure(attempt: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const start = performance.now();
    const signal = AbortSignal.timeout(GIVE_UP_AFTER);
    const gaveUp = new Promise<"late">((resolve) => signal.addEventListener("abort", () => resolve("late")));
    // An answer that is refused is as bad as none.
    const outcome = await Promise.race([attempt(signal).catch(() => "failed" as const), gaveUp]);
    const late = outcome === "late" || outcome === "failed";
    this.taken.push(late ? GIVE_UP_AFTER : performance.now() - start);
  }

  get median(): number {
    return this.taken.toSorted((a, b) => a - b)[this.taken.length >> 1] ?? Number.NaN;
  }

  /** In words, for the report of the test. */
  toString(): string {
    const lost = this.taken.filter((time) => time >= GIVE_UP_AFTER).length;
    const longest = Math.max(...this.taken);
    return `median ${this.median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms, ${lost} of ${this.taken.length} lost`;
  }
}

/** The requirement itself: the middle one of several attempts was answered within a second. */
export function assertPrompt(what: string, times: Times): void {
  assert.ok(times.taken.length >= 5, `${what}: only ${times.taken.length} attempts`);
  assert.ok(times.median <= ANSWER_WITHIN, `${what}: ${times}`);
}

/** Waits until `value` is at most `limit`, or `patience` ms are over; gives the last value. */
export async function settled(value: () => number | Promise<number>, limit: number, patience: number): Promise<number> {
  const until = performance.now() + patience;
  for (;;) {
    const now = await value();
    if (now <= limit || performance.now() > until) return now;
    await pause(250);
  }
}
