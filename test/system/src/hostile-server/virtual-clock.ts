import type { Clock } from "@pulpit/link";

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #alarms = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  alarm(when: number, callback: () => void): () => void {
    const ring = (): void => callback();
    this.#alarms.set(ring, when);
    return () => this.#alarms.delete(ring);
  }

  /** From alarm to alarm, with everything that follows from one done before the next. Milliseconds. */
  async pass(duration: number): Promise<void> {
    const end = this.#now + duration;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = Math.min(...this.#alarms.values());
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      for (const [ring, when] of [...this.#alarms]) if (when <= this.#now && this.#alarms.delete(ring)) ring();
    }
    this.#now = end;
  }
}
