import assert from "node:assert/strict";
import { test } from "node:test";
import { changedLine, LINE_NUMBERS, type Line, PERFECT, writeLine } from "../line.ts";
import { Forwarding } from "./forwarding.ts";
import { FRAME_ROOM, FRAMES_SIZE, Frames } from "./frames.ts";
import { COUNTER, COUNTER_COUNT, type Counters } from "./thread-task.ts";

const EVERYBODY = 0xffffffffffff;
const LENGTH = 60;
const ARP = 0x0806;
const IPV4 = 0x0800;

/** A switch with one port for each line; the station at port n has the address n + 1. */
class World {
  readonly #memory = new DataView(new ArrayBuffer(FRAMES_SIZE));
  readonly #frames = new Frames({ address: 0, view: this.#memory });
  readonly #counters: Float64Array;
  readonly #forwarding: Forwarding;

  constructor(lines: readonly Partial<Line>[]) {
    const numbers = new Float64Array(new SharedArrayBuffer(lines.length * LINE_NUMBERS * 8));
    lines.forEach((line, i) => {
      writeLine(numbers, i * LINE_NUMBERS, changedLine(PERFECT, line));
    });
    this.#counters = new Float64Array(new SharedArrayBuffer(lines.length * COUNTER_COUNT * 8));
    const task = {
      ports: lines.map((_, i) => ({ namespace: `n${i}`, device: "wan0" })),
      lines: numbers.buffer as SharedArrayBuffer,
      counters: this.#counters.buffer as SharedArrayBuffer,
      stop: new SharedArrayBuffer(4),
      seed: 1,
    };
    this.#forwarding = new Forwarding(task, this.#frames);
  }

  send(from: number, to: number, now: number, kind: number = IPV4): void {
    const frame = this.#frames.take();
    const at = frame * FRAME_ROOM;
    for (const [offset, mac] of [to, from + 1].entries()) {
      this.#memory.setUint16(at + offset * 6, Math.floor(mac / 2 ** 32));
      this.#memory.setUint32(at + offset * 6 + 2, mac % 2 ** 32);
    }
    this.#memory.setUint16(at + 12, kind);
    this.#frames.setLength(frame, LENGTH);
    this.#forwarding.came(from, frame, now);
  }

  /** The ports at which something has arrived, one entry for each frame. */
  arrived(now: number): readonly number[] {
    const ports: number[] = [];
    this.#forwarding.move(now, (port, frame) => {
      ports.push(port);
      this.#frames.giveBack(frame);
    });
    return ports;
  }

  next(): number {
    return this.#forwarding.next();
  }

  counted(port: number, name: keyof Counters): number {
    return this.#counters[port * COUNTER_COUNT + COUNTER[name]] as number;
  }
}

test("a frame for everybody reaches everybody but its sender", () => {
  const world = new World([{}, {}, {}]);
  world.send(1, EVERYBODY, 0);
  assert.deepEqual(world.arrived(0), [0, 2]);
});

test("a frame reaches the port its address was seen at, and until then all", () => {
  const world = new World([{}, {}, {}]);
  world.send(0, 3, 0);
  assert.deepEqual(world.arrived(0), [1, 2]);
  world.send(2, 1, 0);
  assert.deepEqual(world.arrived(0), [0]);
  world.send(0, 3, 0);
  assert.deepEqual(world.arrived(0), [2]);
});

test("the way from one to another has both lines' delay", () => {
  const world = new World([{ delay: 10 }, { delay: 25 }]);
  world.send(0, EVERYBODY, 0);
  assert.deepEqual(world.arrived(10), []);
  assert.equal(world.next(), 35);
  assert.deepEqual(world.arrived(35), [1]);
});

test("asking who has an address is neither lost nor late", () => {
  const world = new World([{ loss: 100, delay: 10 }, { loss: 100 }]);
  world.send(0, EVERYBODY, 0, ARP);
  assert.deepEqual(world.arrived(0), [1]);
});

test("what passes and what does not is counted at its port", () => {
  const world = new World([{}, { loss: 100 }, { rate: 1, queue: LENGTH }]);
  for (const port of [0, 1, 2]) world.send(port, EVERYBODY, 0, ARP);
  world.arrived(0);
  world.send(0, 2, 0);
  world.send(0, 3, 0);
  world.send(0, 3, 0);
  world.arrived(0);
  world.arrived(1);
  assert.equal(world.counted(0, "sent"), 4 * LENGTH);
  assert.equal(world.counted(1, "lost"), 1);
  assert.equal(world.counted(2, "received"), 3 * LENGTH);
  assert.equal(world.counted(2, "dropped"), 1);
});
