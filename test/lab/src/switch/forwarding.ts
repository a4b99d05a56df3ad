import { LINE_NUMBERS } from "../line.ts";
import { seededChance } from "./chance.ts";
import { type Frames, isGroup } from "./frames.ts";
import { Lane } from "./lane.ts";
import { COUNTER, COUNTER_COUNT, type Counters, type ThreadTask } from "./thread-task.ts";

/** Addresses the switch remembers at the most; each port has one. */
const MAX_ADDRESSES = 1024;

/** A learning switch: each frame goes up its port's line, to the port that has its address, and down that one's. */
export class Forwarding {
  readonly #frames: Frames;
  readonly #counters: Float64Array;
  readonly #up: readonly Lane[];
  readonly #down: readonly Lane[];
  readonly #ports = new Map<number, number>();

  constructor(task: ThreadTask, frames: Frames) {
    this.#frames = frames;
    this.#counters = new Float64Array(task.counters);
    const lines = new Float64Array(task.lines);
    const chance = seededChance(task.seed);
    const lane = (_: unknown, port: number): Lane =>
      new Lane(lines.subarray(port * LINE_NUMBERS, (port + 1) * LINE_NUMBERS), chance);
    this.#up = task.ports.map(lane);
    this.#down = task.ports.map(lane);
  }

  /** A frame came from a port. */
  came(port: number, frame: number, now: number): void {
    this.#count(port, "sent", this.#frames.length(frame));
    if (this.#ports.size < MAX_ADDRESSES) this.#ports.set(this.#frames.source(frame), port);
    this.#offer(this.#up[port] as Lane, port, frame, now);
  }

  /** Moves what has arrived in the middle; hands out what has arrived at the ports. Ports are given in turn. */
  move(now: number, out: (port: number, frame: number) => void): void {
    for (let port = 0; port < this.#up.length; port++) {
      const up = this.#up[port] as Lane;
      for (let frame = up.take(now); frame !== -1; frame = up.take(now)) this.#pass(port, frame, now);
    }
    for (let port = 0; port < this.#down.length; port++) {
      const down = this.#down[port] as Lane;
      for (let frame = down.take(now); frame !== -1; frame = down.take(now)) {
        this.#count(port, "received", this.#frames.length(frame));
        out(port, frame);
      }
    }
  }

  /** When there is something to move next. */
  next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const lane of this.#up) next = Math.min(next, lane.nextArrival());
    for (const lane of this.#down) next = Math.min(next, lane.nextArrival());
    return next;
  }

  #pass(from: number, frame: number, now: number): void {
    const destination = this.#frames.destination(frame);
    const known = isGroup(destination) ? undefined : this.#ports.get(destination);
    if (known === undefined) {
      for (let port = 0; port < this.#down.length; port++) {
        if (port === from) continue;
        const copy = this.#frames.copy(frame);
        if (copy !== -1) this.#offer(this.#down[port] as Lane, port, copy, now);
      }
      this.#frames.giveBack(frame);
    } else if (known === from) this.#frames.giveBack(frame);
    else this.#offer(this.#down[known] as Lane, known, frame, now);
  }

  #offer(lane: Lane, port: number, frame: number, now: number): void {
    if (this.#frames.isNeighbourTalk(frame)) {
      lane.put(frame, now);
      return;
    }
    const outcome = lane.offer(frame, this.#frames.length(frame), now);
    if (outcome === "taken") return;
    this.#count(port, outcome === "lost" ? "lost" : "dropped", 1);
    this.#frames.giveBack(frame);
  }

  #count(port: number, what: keyof Counters, by: number): void {
    const at = port * COUNTER_COUNT + COUNTER[what];
    this.#counters[at] = (this.#counters[at] as number) + by;
  }
}
