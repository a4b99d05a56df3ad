import type { Millis } from "../machine.ts";
import { addressBytes, prefixOf } from "./network.ts";
import { StrangersBudget } from "./strangers-budget.ts";

/** Why an attempt is not even looked at, and for how long. */
export interface Blocked {
  readonly wait: Millis;
  /** `address` or block of addresses that failed too often; or all that never logged in, together. */
  readonly because: "address" | "strangers" | 24 | 48 | 56 | 64;
}

/** Failures without any pause: people mistype. */
const FREE = 3;
/** … and of a whole block, by its bits: many may sit behind it. Stock: 60, 80 and 100 in all (session.md, section 11.3). */
const FREE_IN_BLOCK: ReadonlyMap<24 | 48 | 56 | 64, number> = new Map([
  [64, 20],
  [56, 40],
  [48, 80],
  [24, 40],
]);
/** The pause after the first failure too many, ms; it doubles with each further one … */
const FIRST_PAUSE = 2_000;
/** … up to this. */
const LONGEST_PAUSE: Millis = 60 * 60_000;
/** After a quiet day everything is forgiven: a shared address must not stay locked out for ever. */
const FORGIVEN_AFTER: Millis = 24 * 60 * 60_000;
/** Addresses and blocks remembered; beyond it the one that failed longest ago is forgotten. */
const MAX_SOURCES = 4_096;

interface Failures {
  count: number;
  last: Millis;
}

/** What has to survive a restart; plain data. */
export interface AttemptsSnapshot {
  readonly failures: readonly (readonly [source: string, count: number, last: Millis])[];
  /** Addresses that have logged in, with the time of the last one. */
  readonly known: readonly (readonly [address: string, last: Millis])[];
  /** What strangers may still get wrong, and since when. */
  readonly strangers?: readonly [left: number, filledAt: Millis];
}

/**
 * Counts failures by address and by block, and says how long to wait. All times are Unix time in milliseconds:
 * the counters outlive the program.
 */
export class Attempts {
  readonly #failures = new Map<string, Failures>();
  readonly #strangers: StrangersBudget;
  /** Called after each change that has to be kept. */
  onChanged: () => void = () => undefined;

  constructor(snapshot?: AttemptsSnapshot) {
    for (const [source, count, last] of snapshot?.failures.slice(-MAX_SOURCES) ?? []) {
      this.#failures.set(source, { count, last });
    }
    this.#strangers = new StrangersBudget(snapshot?.known ?? [], snapshot?.strangers);
  }

  /** Whether an attempt from `address` has to wait; a blocked one is not counted. */
  blocked(address: string, now: Millis): Blocked | undefined {
    const known = this.#strangers.knows(address);
    let worst: Blocked | undefined;
    for (const { source, because, free } of sourcesOf(address)) {
      // Whoever logged in before answers for itself alone, not for its neighbours.
      if (known && because !== "address") continue;
      const wait = this.#pause(source, free, now);
      if (wait > (worst?.wait ?? 0)) worst = { wait, because };
    }
    if (worst !== undefined || known) return worst;
    const wait = this.#strangers.wait(now);
    return wait > 0 ? { wait, because: "strangers" } : undefined;
  }

  failed(address: string, now: Millis): void {
    for (const { source } of sourcesOf(address)) {
      const entry = this.#failures.get(source) ?? { count: 0, last: now };
      // Re-inserted, so that the map stays in order of last failure.
      this.#failures.delete(source);
      this.#failures.set(source, { count: entry.count + 1, last: now });
      if (this.#failures.size > MAX_SOURCES) this.#failures.delete(this.#failures.keys().next().value as string);
    }
    if (!this.#strangers.knows(address)) this.#strangers.spend(now);
    this.onChanged();
  }

  succeeded(address: string, now: Millis): void {
    for (const { source } of sourcesOf(address)) this.#failures.delete(source);
    this.#strangers.welcome(address, now);
    this.onChanged();
  }

  /** Whether somebody has logged in from there. */
  knows(address: string): boolean {
    return this.#strangers.knows(address);
  }

  snapshot(): AttemptsSnapshot {
    return {
      failures: [...this.#failures].map(([source, { count, last }]) => [source, count, last]),
      known: this.#strangers.known(),
      strangers: this.#strangers.level(),
    };
  }

  #pause(source: string, free: number, now: Millis): Millis {
    const entry = this.#failures.get(source);
    if (entry === undefined || entry.count < free) return 0;
    // A clock that was set back must not lock anybody out for longer than the longest pause.
    if (entry.last > now) entry.last = now;
    if (now - entry.last > FORGIVEN_AFTER) {
      this.#failures.delete(source);
      return 0;
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(entry.count - free, 30), LONGEST_PAUSE);
    return Math.max(0, entry.last + pause - now);
  }
}

/** The address and the blocks it is counted in. */
function* sourcesOf(address: string): Generator<{
  readonly source: string;
  readonly because: "address" | 24 | 48 | 56 | 64;
  readonly free: number;
}> {
  const bytes = addressBytes(address);
  if (bytes === undefined) {
    // Nothing known about it: all of those are one source.
    yield { source: "?", because: "address", free: FREE };
    return;
  }
  yield { source: prefixOf(bytes, 128), because: "address", free: FREE };
  const mapped = prefixOf(bytes, 96) === MAPPED;
  for (const [bits, free] of FREE_IN_BLOCK) {
    if (mapped !== (bits === 24)) continue;
    yield { source: prefixOf(bytes, mapped ? 96 + bits : bits), because: bits, free };
  }
}

const MAPPED = prefixOf(addressBytes("0.0.0.0") as Uint8Array, 96);
