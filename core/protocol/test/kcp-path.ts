import { type KcpEffect, type KcpInput, type KcpOutcome, KcpSession } from "../src/index.ts";

/** A path between two ends. All times are ms. */
export interface PathProperties {
  /** One way. */
  readonly delay: number;
  /** Share of datagrams lost, duplicated, and held back by up to `jitter`. */
  readonly loss?: number;
  readonly duplication?: number;
  readonly reordering?: number;
  readonly jitter?: number;
  /** Of the bottleneck, bytes per second; none when undefined. */
  readonly rate?: number;
  /** What the bottleneck's queue holds, bytes. */
  readonly buffer?: number;
}

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Two sessions and the network between them, on a clock that jumps from event to event. */
export class KcpPath {
  now = 1000;
  path: PathProperties;
  readonly caller: End;
  readonly called: End;
  /** Longest that a datagram has waited in the bottleneck since this was set to 0, ms. */
  worstWait = 0;
  readonly #random: () => number;
  readonly #pending: Pending[] = [];
  #order = 0;

  constructor(path: PathProperties, seed = 1) {
    this.path = path;
    this.#random = randomNumbers(seed);
    const numbers = (): number[] => Array.from({ length: 16 }, () => Math.floor(this.#random() * 2 ** 32));
    this.caller = new End(this, new KcpSession("caller", numbers()));
    this.called = new End(this, new KcpSession("called", []));
    this.caller.peer = this.called;
    this.called.peer = this.caller;
  }

  open(): void {
    this.called.handle({ type: "start" });
    this.caller.handle({ type: "start" });
    this.run(() => this.caller.opened && this.called.opened, 30_000);
  }

  at(when: number, run: () => void): void {
    const item = { at: Math.max(when, this.now), order: this.#order++, run };
    let index = this.#pending.length;
    while (index > 0 && isLater(this.#pending[index - 1] as Pending, item)) index -= 1;
    this.#pending.splice(index, 0, item);
  }

  /** Until `done`, or until `within` ms have passed. */
  run(done: () => boolean, within: number): boolean {
    const until = this.now + within;
    while (!done()) {
      const next = this.#pending[0];
      if (next === undefined || next.at > until) {
        this.now = until;
        return done();
      }
      this.#pending.shift();
      this.now = next.at;
      next.run();
    }
    return true;
  }

  pass(from: End, to: End, datagram: Uint8Array): void {
    const { delay, loss = 0, duplication = 0, reordering = 0, jitter = 0, rate, buffer = 1e9 } = this.path;
    let leaves = this.now;
    if (rate !== undefined) {
      const begins = Math.max(this.now, from.busyUntil);
      if (((begins - this.now) * rate) / 1000 > buffer) return;
      this.worstWait = Math.max(this.worstWait, begins - this.now);
      leaves = begins + ((datagram.length + 28) / rate) * 1000;
      from.busyUntil = leaves;
    }
    if (this.#random() < loss) return;
    for (let copies = this.#random() < duplication ? 2 : 1; copies > 0; copies--) {
      const late = this.#random() < reordering ? this.#random() * jitter : 0;
      this.at(leaves + delay + late, () => to.handle({ type: "received", datagram }));
    }
  }
}

function isLater(a: Pending, b: Pending): boolean {
  return a.at > b.at || (a.at === b.at && a.order > b.order);
}

/** One end with its reader. */
export class End {
  readonly session: KcpSession;
  peer: End | undefined;
  busyUntil = 0;
  opened = false;
  outcome: KcpOutcome | undefined;
  sent = 0;
  /** Takes what arrives as soon as it does; undefined leaves it where it is. */
  reader: ((bytes: Uint8Array) => void) | undefined = (bytes) => {
    this.received += bytes.length;
  };
  received = 0;
  /** Until then its computer does something else: all that happens to it happens at that time, in order. */
  stalledUntil = 0;
  /** Fills up what is waiting to be sent, if it wants. */
  refill: (() => void) | undefined;
  readonly #path: KcpPath;
  #alarm = Number.POSITIVE_INFINITY;

  constructor(path: KcpPath, session: KcpSession) {
    this.#path = path;
    this.session = session;
  }

  write(...parts: Uint8Array[]): void {
    this.handle({ type: "written", parts });
  }

  handle(input: KcpInput): void {
    if (this.#path.now < this.stalledUntil) {
      this.#path.at(this.stalledUntil, () => this.handle(input));
      return;
    }
    this.#perform(this.session.handle(input, this.#path.now));
    if (this.reader !== undefined && this.opened) {
      let taken = false;
      for (let bytes = this.session.take(); bytes !== undefined; bytes = this.session.take()) {
        this.reader(bytes);
        taken = true;
      }
      if (taken) this.#perform(this.session.handle({ type: "taken" }, this.#path.now));
    }
    if (this.opened) this.refill?.();
    this.#arm();
  }

  #perform(effects: readonly KcpEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "opened") this.opened = true;
      else if (effect.type === "finish") this.outcome = effect.outcome;
      else {
        this.sent += effect.datagram.length;
        this.#path.pass(this, this.peer as End, effect.datagram);
      }
    }
  }

  #arm(): void {
    const { deadline } = this.session;
    if (deadline === undefined || deadline === this.#alarm) return;
    this.#alarm = deadline;
    // A whole millisecond, as real timers have it.
    const when = Math.max(this.#path.now + 1, deadline);
    this.#path.at(when, () => {
      if (this.#alarm !== deadline) return;
      this.#alarm = Number.POSITIVE_INFINITY;
      this.handle({ type: "timeout" });
    });
  }
}

/** Reproducible numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
