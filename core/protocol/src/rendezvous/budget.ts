import type { Millis } from "../machine.ts";

/** Sources counted; beyond it those that were counted first are forgotten. */
const MAX_SOURCES = 100_000;

/** How often one source may do something in one period. */
export class Budget {
  readonly #limit: number;
  readonly #period: Millis;
  /**
   * Plain numbers, one period for all, and two maps of which the older is dropped as a whole: a busy server counts many
   * sources, and a map from which the oldest is taken each time is full of holes it has to be rid of.
   */
  #counts = new Map<string, number>();
  #older = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(limit: number, period: Millis) {
    this.#limit = limit;
    this.#period = period;
  }

  /** Sources counted at the moment; one in both maps counts twice. */
  get size(): number {
    return this.#counts.size + this.#older.size;
  }

  /** Spends some; false when there is not enough left. */
  spend(host: string, now: Millis, cost = 1): boolean {
    if (now - this.#since > this.#period) {
      this.#counts = new Map();
      this.#older = new Map();
      this.#since = now;
    }
    const source = sourceOf(host);
    const count = (this.#counts.get(source) ?? this.#older.get(source) ?? 0) + cost;
    this.#counts.set(source, count);
    if (this.#counts.size >= MAX_SOURCES / 2) {
      this.#older = this.#counts;
      this.#counts = new Map();
    }
    return count <= this.#limit;
  }
}

/** Whoever has an IPv6 address has at least a /64 of them: that is one source. */
export function sourceOf(host: string): string {
  if (!host.includes(":")) return host;
  const [head = "", tail] = host.split("::");
  const groups = head === "" ? [] : head.split(":");
  // What `::` stands for may begin inside the first four groups.
  if (tail !== undefined) while (groups.length < 8 - (tail === "" ? 0 : tail.split(":").length)) groups.push("0");
  return `${groups.slice(0, 4).join(":")}::/64`;
}
