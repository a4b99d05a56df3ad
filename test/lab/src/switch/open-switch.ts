import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { changedLine, LINE_NUMBERS, type Line, writeLine } from "../line.ts";
import { COUNTER, COUNTER_COUNT, type Counters, type Port, type ThreadTask } from "./thread-task.ts";

export interface SwitchPort extends Port {
  readonly line: Line;
}

/** A network between devices in several namespaces, whose lines can be made worse. Ports are numbered as given. */
export interface Switch extends AsyncDisposable {
  change(port: number, change: Partial<Line>): void;
  counters(port: number): Counters;
}

/** Makes the devices and starts to forward. The namespaces exist; the devices are still down. */
export async function openSwitch(ports: readonly SwitchPort[], seed: number): Promise<Switch> {
  const lines = new Float64Array(shared(ports.length * LINE_NUMBERS * 8));
  const counters = new Float64Array(shared(ports.length * COUNTER_COUNT * 8));
  const stop = new Int32Array(shared(4));
  const current = ports.map(({ line }) => line);
  current.forEach((line, i) => {
    writeLine(lines, i * LINE_NUMBERS, line);
  });
  const workerData: ThreadTask = {
    ports: ports.map(({ namespace, device }) => ({ namespace, device })),
    lines: lines.buffer as SharedArrayBuffer,
    counters: counters.buffer as SharedArrayBuffer,
    stop: stop.buffer as SharedArrayBuffer,
    seed,
  };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  // An error before it is ready rejects here; a later one is nobody's expectation and ends the process.
  await once(worker, "message");
  const count = (port: number, name: keyof Counters): number =>
    counters[port * COUNTER_COUNT + COUNTER[name]] as number;
  return {
    change(port, change) {
      const line = changedLine(current[port] as Line, change);
      current[port] = line;
      writeLine(lines, port * LINE_NUMBERS, line);
    },
    counters: (port) => ({
      sent: count(port, "sent"),
      received: count(port, "received"),
      lost: count(port, "lost"),
      dropped: count(port, "dropped"),
    }),
    async [Symbol.asyncDispose]() {
      Atomics.store(stop, 0, 1);
      await ended;
    },
  };
}

function shared(size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(size);
}
