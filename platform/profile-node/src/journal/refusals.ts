import type { HistoryEvent } from "@pulpit/host-control";

/** Refusals within this of the first are counted into one, ms. */
const COUNTED_FOR = 60_000;

type Refused = Extract<HistoryEvent, { type: "refused" }>;

interface Counted {
  readonly at: number;
  readonly event: Refused;
}

/** Counts equal refusals in a row, so that somebody who guesses all day fills neither the disk nor the page. */
export class Refusals {
  readonly #keep: (at: number, event: HistoryEvent) => void;
  #counted: Counted | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `keep` gets each row as one event with the time of its first, Unix ms. */
  constructor(keep: (at: number, event: HistoryEvent) => void) {
    this.#keep = keep;
  }

  /** Takes a refusal at `at`, Unix ms. */
  take(at: number, event: Refused): void {
    const counted = this.#counted;
    if (counted !== undefined && continues(counted, at, event)) {
      this.#counted = { at: counted.at, event: { ...event, times: counted.event.times + event.times } };
      return;
    }
    this.flush();
    this.#counted = { at, event };
    this.#timer = setTimeout(() => this.flush(), COUNTED_FOR).unref();
  }

  /** Hands on what was counted. */
  flush(): void {
    clearTimeout(this.#timer);
    const counted = this.#counted;
    this.#counted = undefined;
    if (counted !== undefined) this.#keep(counted.at, counted.event);
  }
}

function continues({ at: first, event: { address, why } }: Counted, at: number, event: Refused): boolean {
  // Clocks are set back, too.
  return event.address === address && event.why === why && Math.abs(at - first) < COUNTED_FOR;
}
