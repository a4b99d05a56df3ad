import { callable, close, fcntl } from "../libc.ts";
import type { Allowances } from "./allowances.ts";
import { EPOLL_GONE, EPOLLIN, EPOLLOUT, type Epoll } from "./epoll.ts";
import type { Flows, Pause } from "./flows.ts";
import { type Command, closeEntry } from "./thread-task.ts";

/** When one side has ended, what is under way still reaches the other for so long, ms. */
const FLUSHED_WITHIN = 5000;
/** Pairs without an allowance are looked at this often, ms. */
const STARVED_EVERY = 20;

// What a direction does. Flushing: its source has ended. Discarding: its target has.
const FLOWING = 0;
const FLUSHING = 1;
const DISCARDING = 2;
const DONE = 3;

const F_GETFL = 3;
const F_SETFL = 4;
const NON_BLOCKING = 0o4000;
const SHUT_WR = 1;
const shutdown: () => (fd: number, how: number) => number = callable("int shutdown(int fd, int how)");

export interface PairsOptions {
  readonly epoll: Epoll;
  readonly sockets: Int32Array;
  readonly flows: Flows;
  readonly allowances: Allowances;
  readonly progress: Float64Array;
  readonly now: () => number;
}

/** The pairs: from joining to the end. A side is named pair * 2, or + 1, and so is the direction that comes from it. */
export class Pairs {
  /** Those that have ended since someone looked. */
  ended: number[] = [];
  readonly #of: PairsOptions;
  readonly #mode: Uint8Array;
  readonly #isOpen: Uint8Array;
  /** Events each side is waited for with. */
  readonly #awaited: Uint8Array;
  readonly #isStarved: Uint8Array;
  readonly #isStranded: Uint8Array;
  /** Directions waiting for an allowance, longest first; some of them may not be any more. */
  #starved: number[] = [];
  #starvedNext = 0;
  /** Pairs of which a side has ended, and until when the rest has time; the first is due first. */
  readonly #ending: Map<number, number> = new Map();

  constructor(options: PairsOptions) {
    this.#of = options;
    this.#mode = new Uint8Array(options.sockets.length);
    this.#isOpen = new Uint8Array(options.sockets.length / 2);
    this.#awaited = new Uint8Array(options.sockets.length);
    this.#isStarved = new Uint8Array(options.sockets.length);
    this.#isStranded = new Uint8Array(options.sockets.length);
  }

  join(order: Command & { readonly type: "join" }): void {
    const { epoll, sockets, flows } = this.#of;
    const first = order.pair * 2;
    this.#isOpen[order.pair] = 1;
    this.#of.progress[order.pair] = 0;
    this.#of.allowances.assign(order.pair, order.slots);
    for (const side of [first, first + 1]) {
      const fd = sockets[side] as number;
      this.#mode[side] = FLOWING;
      this.#awaited[side] = EPOLLIN;
      fcntl()(fd, F_SETFL, fcntl()(fd, F_GETFL, 0) | NON_BLOCKING);
      // What can't be waited for is no socket.
      if (!epoll.add(fd, side, EPOLLIN)) this.end(order.pair);
      if (this.#isOpen[order.pair] === 0) return;
    }
    flows.begin(first + 1, order.toFirst);
    flows.begin(first, order.toSecond);
    this.#go(first);
    if (this.#isOpen[order.pair] !== 0) this.#go(first + 1);
  }

  /** Closes both at once. */
  end(pair: number): void {
    if (this.#isOpen[pair] === 0) return;
    this.#isOpen[pair] = 0;
    for (const side of [pair * 2, pair * 2 + 1]) {
      this.#of.flows.drop(side);
      this.#isStarved[side] = 0;
      this.#mode[side] = DONE;
      this.#close(side);
    }
    this.#ending.delete(pair);
    this.ended.push(pair);
  }

  /** Something happened at a side. */
  notice(side: number, events: number): void {
    if ((events & EPOLLOUT) !== 0 && this.#isThere(side)) this.#go(side ^ 1);
    if ((events & (EPOLLIN | EPOLL_GONE)) === 0 || !this.#isThere(side)) return;
    const isAwaited = ((this.#awaited[side] as number) & EPOLLIN) !== 0;
    const pause = isAwaited ? this.#go(side) : "target-full";
    // It can't get anything any more. What came from it before that is read to the end.
    if ((events & EPOLL_GONE) === 0 || pause === "turn-over" || !this.#isThere(side)) return;
    if (this.#mode[side] === FLOWING && (pause === "target-full" || pause === "starved")) this.#strand(side);
    else this.#lose(side);
    this.#await(side >> 1);
  }

  /** The connection is gone, but what it brought is still there and has to wait: nothing else is heard of it any more. */
  #strand(side: number): void {
    this.#beginToEnd(side >> 1);
    this.#isStranded[side] = 1;
    this.#of.epoll.remove(this.#of.sockets[side] as number);
    this.#forget(side ^ 1);
  }

  /** What comes this way can reach nobody any more; it is read all the same, so that its sender loses nothing. */
  #forget(from: number): void {
    this.#of.flows.drop(from);
    if (this.#mode[from] === FLOWING) this.#mode[from] = DISCARDING;
    else if (this.#mode[from] === FLUSHING) this.#mode[from] = DONE;
  }

  /** Looks after those that wait for time to pass: how long until the next look, at most `longest` ms. */
  look(longest: number): number {
    const now = this.#of.now();
    for (const [pair, until] of this.#ending) {
      if (until > now) break;
      this.end(pair);
    }
    const stuck = this.#starved.length > 0 ? this.#of.flows.stuck() : undefined;
    if (stuck !== undefined) this.end(stuck >> 1);
    if (this.#starved.length > 0 && now >= this.#starvedNext) {
      this.#feed();
      this.#starvedNext = now + STARVED_EVERY;
    }
    const [endsNext = now + longest] = this.#ending.values();
    const fedNext = this.#starved.length > 0 ? this.#starvedNext : now + longest;
    return Math.max(0, Math.ceil(Math.min(now + longest, endsNext, fedNext) - now));
  }

  /** Who gets nothing this time is before those who did the next time. */
  #feed(): void {
    const waiting = this.#starved;
    const unfed: number[] = [];
    this.#starved = [];
    for (const from of waiting) {
      if (this.#isStarved[from] === 0) continue;
      if (this.#of.allowances.left(from >> 1) > 0) {
        this.#isStarved[from] = 0;
        this.#go(from);
      } else unfed.push(from);
    }
    this.#starved = [...unfed, ...this.#starved];
  }

  #starve(from: number): void {
    if (this.#isStarved[from] !== 0) return;
    this.#isStarved[from] = 1;
    this.#starved.push(from);
  }

  /** Moves what can be moved from a side, and sees to what comes of it. */
  #go(from: number): Pause {
    const { flows } = this.#of;
    const mode = this.#mode[from];
    if (mode === DONE) return "source-ended";
    const pause = mode === DISCARDING ? flows.discard(from) : flows.move(from, mode === FLOWING ? "readable" : "ended");
    if (pause === "starved") this.#starve(from);
    else if (pause === "source-ended") this.#finish(from);
    else if (pause === "source-broken") this.#lose(from);
    else if (pause === "target-broken") this.#lose(from ^ 1);
    this.#await(from >> 1);
    return pause;
  }

  /** Nothing more comes this way: the other is told so, and may still answer for a while. */
  #finish(from: number): void {
    this.#mode[from] = DONE;
    this.#beginToEnd(from >> 1);
    if (this.#isThere(from ^ 1)) shutdown()(this.#of.sockets[from ^ 1] as number, SHUT_WR);
    if (this.#mode[from ^ 1] === DONE) this.end(from >> 1);
  }

  /** A connection is broken. Closing the other while it sends would lose what it has not got yet: so that is read. */
  #lose(side: number): void {
    this.#beginToEnd(side >> 1);
    this.#close(side);
    this.#forget(side ^ 1);
    if (this.#mode[side] === FLOWING && this.#of.flows.isUnderWay(side)) this.#mode[side] = FLUSHING;
    else if (this.#mode[side] !== FLUSHING) this.#finish(side);
  }

  #beginToEnd(pair: number): void {
    if (!this.#ending.has(pair)) this.#ending.set(pair, this.#of.now() + FLUSHED_WITHIN);
  }

  /** Waits at both sides for what can be done next. */
  #await(pair: number): void {
    for (const side of [pair * 2, pair * 2 + 1]) {
      if (!this.#isThere(side) || this.#isStranded[side] !== 0) continue;
      const mode = this.#mode[side];
      const isRead = mode === FLOWING && this.#isStarved[side] === 0 && !this.#of.flows.isUnderWay(side);
      const events =
        (isRead || mode === DISCARDING ? EPOLLIN : 0) | (this.#of.flows.isUnderWay(side ^ 1) ? EPOLLOUT : 0);
      if (events === this.#awaited[side]) continue;
      this.#awaited[side] = events;
      this.#of.epoll.change(this.#of.sockets[side] as number, side, events);
    }
  }

  #close(side: number): void {
    if (!this.#isThere(side)) return;
    this.#isStranded[side] = 0;
    this.#of.epoll.remove(this.#of.sockets[side] as number);
    closeEntry(this.#of.sockets, side, close());
  }

  #isThere(side: number): boolean {
    return (this.#of.sockets[side] as number) >= 0;
  }
}
