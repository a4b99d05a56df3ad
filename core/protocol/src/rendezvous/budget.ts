import type { Millis } from "../machine.ts";

/** Sources counted; beyond it the one that came first is forgotten. */
const MAX_SOURCES = 100_000;

/** How often one source may do something in one period. */
export class Budget {
  readonly #limit: number;
  readonly #period: Millis;
  /** Plain numbers, and one period for all: a busy server counts many sources. */
  readonly #counts = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(limit: number, period: Millis) {
    this.#limit = limit;
    this.#period = period;
  }

  /** Sources counted at the moment. */
  get size(): number {
    return this.#counts.size;
  }

  /** Spends one; false when there is none left. */
  spend(host: string, now: Millis): boolean {
    if (now - this.#since > this.#period) {
      this.#counts.clear();
      this.#since = now;
    }
    const source = sourceOf(host);
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    if (this.#counts.size > MAX_SOURCES) this.#counts.delete(this.#counts.keys().next().value as string);
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
