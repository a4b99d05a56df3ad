import { setImmediate as turn } from "node:timers/promises";
import type { Clock, DatagramSocket } from "@pulpit/link";

/** What the network does to each datagram. */
export interface Weather {
  /** One way, ms, and how much more it may be. */
  readonly delay: number;
  readonly jitter: number;
  /** Shares of datagrams. */
  readonly loss: number;
  readonly duplication: number;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A clock that jumps to the next thing that happens as soon as everybody waits. */
export class JumpingClock implements Clock {
  #now = 0;
  #stopped = false;
  #alarms: { readonly when: number; readonly ring: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  alarm(when: number, callback: () => void): () => void {
    const alarm = { when, ring: callback };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((each) => each !== alarm);
    };
  }

  /** Runs until stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      await turn();
      const next = Math.min(...this.#alarms.map(({ when }) => when));
      if (next === Number.POSITIVE_INFINITY) continue;
      this.#now = Math.max(this.#now, next);
      const due = this.#alarms.filter(({ when }) => when <= this.#now).sort((a, b) => a.when - b.when);
      this.#alarms = this.#alarms.filter(({ when }) => when > this.#now);
      for (const { ring } of due) ring();
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}

/** A network in memory that loses, repeats and reorders. */
export class DatagramNetwork {
  readonly #sockets = new Map<string, (data: Uint8Array, from: Address) => void>();
  readonly #clock: Clock;
  readonly #random: () => number;
  weather: Weather;

  constructor(clock: Clock, weather: Weather, random: () => number) {
    this.#clock = clock;
    this.weather = weather;
    this.#random = random;
  }

  open(at: Address): DatagramSocket {
    const key = keyOf(at);
    let inbox: { data: Uint8Array; from: Address }[] = [];
    let wake: (() => void) | undefined;
    let closed = false;
    this.#sockets.set(key, (data, from) => {
      inbox.push({ data, from });
      wake?.();
    });
    return {
      localPort: at.port,
      async receive() {
        for (;;) {
          if (closed) return undefined;
          const datagram = inbox.shift();
          if (datagram !== undefined) return datagram;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      send: (data, to) => {
        if (!closed) this.#pass(data.slice(), at, to);
      },
      close: async () => {
        closed = true;
        inbox = [];
        this.#sockets.delete(key);
        wake?.();
      },
    };
  }

  #pass(data: Uint8Array, from: Address, to: Address): void {
    const { delay, jitter, loss, duplication } = this.weather;
    if (this.#random() < loss) return;
    for (let copies = this.#random() < duplication ? 2 : 1; copies > 0; copies--) {
      const arrives = this.#clock.now() + delay + this.#random() * jitter;
      this.#clock.alarm(arrives, () => this.#sockets.get(keyOf(to))?.(data, from));
    }
  }
}

function keyOf({ host, port }: Address): string {
  return `${host} ${port}`;
}
