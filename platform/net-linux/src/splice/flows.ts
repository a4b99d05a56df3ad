import { callable, EAGAIN, EINTR, errno } from "../libc.ts";
import type { Allowances } from "./allowances.ts";
import { MAX_PIPE, type PipePool } from "./pipe-pool.ts";

/** Bytes moved for one connection before the others get their turn. */
const MAX_TURN: number = 1024 * 1024;

/** After so few there are hardly more, and if there are the system says so: cheaper than to look every time. */
const FEW: number = 64 * 1024;

/** A target that takes nothing for this long, ms, is parted with when others wait for its pipe. */
const STUCK_AFTER = 2_000;

const MOVE_NON_BLOCKING = 3;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_TRUNC = 0x20;

type Splice = (from: number, fromAt: number, to: number, toAt: number, size: number, flags: number) => number;
const splice: () => Splice = callable(
  "int64_t splice(int from, uintptr_t fromAt, int to, uintptr_t toAt, size_t size, unsigned int flags)",
);
const send: () => (fd: number, data: Uint8Array, size: number, flags: number) => number = callable(
  "int64_t send(int fd, const void *data, size_t size, int flags)",
);
const recv: () => (fd: number, data: number, size: number, flags: number) => number = callable(
  "int64_t recv(int fd, uintptr_t data, size_t size, int flags)",
);

/** Why moving stopped. `turn-over`: so that others get theirs; there may be more. */
export type Pause =
  | "turn-over"
  | "source-empty"
  | "target-full"
  | "starved"
  | "source-ended"
  | "source-broken"
  | "target-broken";

export interface FlowsOptions {
  /** Two for each pair. */
  readonly sockets: Int32Array;
  readonly pipes: PipePool;
  readonly allowances: Allowances;
  readonly progress: Float64Array;
  /** Ms. */
  readonly now: () => number;
}

/** Bytes on their way, by direction: named by the side they come from, going to side `from ^ 1`. */
export class Flows {
  readonly #sockets: Int32Array;
  readonly #pipes: PipePool;
  readonly #allowances: Allowances;
  readonly #progress: Float64Array;
  /** Number of the pipe lent + 1, or 0. */
  readonly #pipe: Int32Array;
  readonly #held: Int32Array;
  /** When the target last took something of what is held, ms. */
  readonly #tookAt: Float64Array;
  readonly #now: () => number;
  /** What goes first, while there is some left. */
  readonly #first: Map<number, Uint8Array> = new Map();

  constructor(options: FlowsOptions) {
    this.#sockets = options.sockets;
    this.#pipes = options.pipes;
    this.#allowances = options.allowances;
    this.#progress = options.progress;
    this.#pipe = new Int32Array(options.sockets.length);
    this.#held = new Int32Array(options.sockets.length);
    this.#tookAt = new Float64Array(options.sockets.length);
    this.#now = options.now;
  }

  /** Bytes that go before anything that is read. */
  begin(from: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#first.set(from, bytes);
  }

  /** Whether something was taken from one side that the other has not got yet. */
  isUnderWay(from: number): boolean {
    return (this.#held[from] as number) > 0 || this.#first.has(from);
  }

  /** Moves what can be moved; of a source that is not `readable` only what was taken from it before. */
  move(from: number, source: "readable" | "ended"): Pause {
    let moved = 0;
    while (moved < MAX_TURN) {
      if (!this.isUnderWay(from)) {
        const pause = source === "ended" ? "source-ended" : this.#take(from);
        if (pause === undefined) continue;
        this.#release(from);
        return pause;
      }
      const sent = this.#first.has(from) ? this.#sendFirst(from) : this.#sendHeld(from);
      if (typeof sent === "string") return sent;
      moved += sent;
      this.#progress[from >> 1] = (this.#progress[from >> 1] as number) + sent;
      if (sent < FEW && source === "readable" && !this.isUnderWay(from)) break;
    }
    if (!this.isUnderWay(from)) this.#release(from);
    return "turn-over";
  }

  /**
   * The direction to do without when others wait for a pipe: whose target has taken nothing for longest. Undefined when
   * nobody waits, or all have taken something lately.
   */
  stuck(): number | undefined {
    if (!this.#pipes.wasWanting) return undefined;
    let since = this.#now() - STUCK_AFTER;
    let stuck: number | undefined;
    for (let from = 0; from < this.#held.length; from++) {
      if (this.#held[from] === 0 || (this.#tookAt[from] as number) >= since) continue;
      since = this.#tookAt[from] as number;
      stuck = from;
    }
    return stuck;
  }

  /** Reads and forgets. */
  discard(from: number): Pause {
    for (let gone = 0; gone < MAX_TURN; ) {
      const size = recv()(this.#sockets[from] as number, 0, MAX_TURN, MSG_TRUNC | MSG_DONTWAIT);
      if (size === 0) return "source-ended";
      if (size > 0) gone += size;
      else if (errno() === EAGAIN) return "source-empty";
      else if (errno() !== EINTR) return "source-broken";
    }
    return "turn-over";
  }

  /** Forgets what was under way. */
  drop(from: number): void {
    this.#first.delete(from);
    this.#release(from);
  }

  /** From the source into a pipe; undefined when there is something to send now, or it is worth another try. */
  #take(from: number): Pause | undefined {
    const pair = from >> 1;
    const left = this.#allowances.left(pair);
    if (left <= 0) return "starved";
    const pipe = this.#borrow(from);
    // Someone will give one back, or has to (see stuck).
    if (pipe === undefined) return "starved";
    const to = this.#pipes.writingEnd(pipe);
    const size = splice()(this.#sockets[from] as number, 0, to, 0, Math.min(left, MAX_PIPE), MOVE_NON_BLOCKING);
    if (size === 0) return "source-ended";
    if (size < 0) return errno() === EINTR ? undefined : errno() === EAGAIN ? "source-empty" : "source-broken";
    this.#held[from] = size;
    this.#allowances.take(pair, size);
    return undefined;
  }

  #sendHeld(from: number): number | Pause {
    const pipe = this.#pipes.readingEnd((this.#pipe[from] as number) - 1);
    const held = this.#held[from] as number;
    const sent = splice()(pipe, 0, this.#sockets[from ^ 1] as number, 0, held, MOVE_NON_BLOCKING);
    if (sent <= 0) return unsent(sent);
    this.#held[from] = held - sent;
    this.#tookAt[from] = this.#now();
    return sent;
  }

  #sendFirst(from: number): number | Pause {
    const bytes = this.#first.get(from) as Uint8Array;
    const sent = send()(this.#sockets[from ^ 1] as number, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0) return unsent(sent);
    this.#allowances.take(from >> 1, sent);
    if (sent < bytes.length) this.#first.set(from, bytes.subarray(sent));
    else this.#first.delete(from);
    return sent;
  }

  #borrow(from: number): number | undefined {
    const lent = this.#pipe[from] as number;
    if (lent > 0) return lent - 1;
    const pipe = this.#pipes.lend();
    if (pipe === undefined) return undefined;
    this.#pipe[from] = pipe + 1;
    this.#tookAt[from] = this.#now();
    return pipe;
  }

  #release(from: number): void {
    const lent = this.#pipe[from] as number;
    if (lent > 0) this.#pipes.giveBack(lent - 1, this.#held[from] === 0 ? "nothing" : "bytes");
    this.#pipe[from] = 0;
    this.#held[from] = 0;
  }
}

/** 0 bytes where it should be worth another try, otherwise why there is none. */
function unsent(result: number): number | Pause {
  if (result === 0) return "target-broken";
  if (errno() === EINTR) return 0;
  return errno() === EAGAIN ? "target-full" : "target-broken";
}
