import type { Millis } from "../machine.ts";

/** Sources counted; beyond it the one counted for longest is forgotten. */
const MAX_SOURCES = 100_000;

/** How often one source may do something in one period. */
export class Budget {
  readonly #limit: number;
  readonly #period: Millis;
  readonly #counts = new Map<string, { since: Millis; count: number }>();

  constructor(limit: number, period: Millis) {
    this.#limit = limit;
    this.#period = period;
  }

  /** Spends one; false when there is none left. */
  spend(host: string, now: Millis): boolean {
    const source = sourceOf(host);
    const entry = this.#counts.get(source);
    if (entry !== undefined && now - entry.since <= this.#period) {
      entry.count += 1;
      return entry.count <= this.#limit;
    }
    this.#counts.delete(source);
    this.#counts.set(source, { since: now, count: 1 });
    if (this.#counts.size > MAX_SOURCES) this.#counts.delete(this.#counts.keys().next().value as string);
    return this.#limit >= 1;
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
