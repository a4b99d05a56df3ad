import type { Log, LogFields } from "./log.ts";

/** One source is worth a line for one thing this often, ms: a log that strangers can fill is a full disk. */
const LINE_EVERY = 60_000;
/** Lines in that time over all sources; what is beyond is summed up in one. */
const MAX_LINES = 100;
/** Sources remembered at a time; beyond it only their number is told. */
const MAX_SOURCES = 10_000;

/** A log for what strangers cause: at most a line for each of them and a minute. */
export class OffenderLog {
  readonly #log: Log;
  readonly #now: () => number;
  /** Reports that got no line, by message and source. */
  readonly #seen = new Map<string, number>();
  #since: number;
  #lines = 0;
  #unsaid = 0;

  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
    this.#since = now();
  }

  /** `source`: the address, or whatever else tells offenders apart. */
  report(message: string, source: string, fields: LogFields = {}): void {
    if (this.#now() - this.#since >= LINE_EVERY) this.#sumUp();
    const key = `${message}\n${source}`;
    const before = this.#seen.get(key);
    if (before !== undefined) this.#seen.set(key, before + 1);
    if (before !== undefined || this.#lines >= MAX_LINES || this.#seen.size >= MAX_SOURCES) {
      this.#unsaid += 1;
      return;
    }
    this.#seen.set(key, 0);
    this.#lines += 1;
    this.#log.info(message, { address: source, ...fields });
  }

  #sumUp(): void {
    if (this.#unsaid > 0) this.#log.info("more of the same was not logged", { count: this.#unsaid });
    this.#seen.clear();
    this.#lines = 0;
    this.#unsaid = 0;
    this.#since = this.#now();
  }
}
