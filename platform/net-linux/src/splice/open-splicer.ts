import { endianness } from "node:os";
import { Worker } from "node:worker_threads";
import { close, isAvailable } from "../libc.ts";
import { closeWake, openWake, wake } from "../wake.ts";
import { MAX_SLOTS } from "./allowances.ts";
import { openEpoll } from "./epoll.ts";
import {
  type Command,
  closeEntry,
  descriptorTable,
  openDescriptorTable,
  type Report,
  type SplicerTask,
} from "./thread-task.ts";

/** Bytes that go to one side before any that are read: what someone has read who was looking for the first message. */
const MAX_FIRST_BYTES: number = 384 * 1024;

export interface SpliceOrder {
  /** Number of the pair, 0 … maxPairs - 1: its row in `progress`. Free again after `ended`. */
  readonly pair: number;
  /** Descriptors of two connected TCP sockets, from now on the splicer's own: it sets them non-blocking and closes them. */
  readonly first: number;
  readonly second: number;
  /** Bytes that go to each before anything else (already read from the other); they count as moved, but wait for no allowance. */
  readonly toFirst: Uint8Array;
  readonly toSecond: Uint8Array;
  /** Slots of `allowances` that have to be above zero before more is read, and that what moved is subtracted from. */
  readonly slots: readonly number[];
}

export interface Splicer {
  join(order: SpliceOrder): void;
  /** Ends both connections of a pair; `ended` follows. */
  part(pair: number): void;
  /** Ends everything and the thread. */
  close(): Promise<void>;
}

export interface SplicerOptions {
  /** Int32: bytes each slot may still move; refilled by the owner (Atomics.add), taken here (Atomics.sub), may go below zero. */
  readonly allowances: SharedArrayBuffer;
  /** Float64 per pair: payload bytes moved so far, both directions. Written by the thread only; zeroed by it at `join`. */
  readonly progress: SharedArrayBuffer;
  readonly maxPairs: number;
}

export interface SplicerHandlers {
  /** Once for every order, when its descriptors are closed, however it came to that. */
  ended(pair: number): void;
  /** The thread ended by itself, and every pair has. */
  failed(error: Error): void;
}

/** Whether sockets can be spliced here: the structures are those of 64-bit Linux. */
export function canSplice(): boolean {
  return isAvailable() && (process.arch === "x64" || process.arch === "arm64") && endianness() === "LE";
}

/** Starts the thread. */
export async function openSplicer(options: SplicerOptions, handlers: SplicerHandlers): Promise<Splicer> {
  const { maxPairs } = options;
  const epollFd = openEpoll();
  const wakeFd = openWake();
  const descriptors = openDescriptorTable(maxPairs);
  const workerData: SplicerTask = { ...options, maxPairs, epollFd, wakeFd, descriptors };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData });
  const table = descriptorTable(descriptors, maxPairs);
  const isTaken = new Uint8Array(maxPairs);
  let failure = new Error("the splicing thread ended");
  let state: "starting" | "running" | "closing" | "over" = "starting";

  const tell = (command: Command): void => {
    worker.postMessage(command);
    wake(wakeFd);
  };
  const release = (pair: number): void => {
    isTaken[pair] = 0;
    handlers.ended(pair);
  };
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve())).then(() => {
    const wasRunning = state === "running";
    state = "over";
    for (const entries of [table.sockets, table.pipes]) {
      for (let i = 0; i < entries.length; i++) closeEntry(entries, i, close());
    }
    close()(epollFd);
    closeWake(wakeFd);
    isTaken.forEach((taken, pair) => {
      if (taken !== 0) release(pair);
    });
    if (wasRunning) handlers.failed(failure);
  });
  worker.on("error", (error) => {
    failure = error as Error;
  });
  await new Promise<void>((resolve, reject) => {
    worker.on("message", (report: Report) => {
      if (report !== "ready") return report.forEach(release);
      state = "running";
      resolve();
    });
    void ended.then(() => reject(failure));
  });

  const part = (pair: number): void => {
    if (state === "running") tell({ type: "part", pair });
  };
  return {
    join(order) {
      const { pair, first, second, toFirst, toSecond, slots } = order;
      const refuse = (): void => {
        for (const fd of new Set([first, second])) close()(fd);
      };
      if (
        !isRow(pair, maxPairs) ||
        slots.length > MAX_SLOTS ||
        !slots.every((slot) => isRow(slot, options.allowances.byteLength / 4))
      ) {
        refuse();
        throw new RangeError("a pair or a slot that does not exist");
      }
      if (isTaken[pair] !== 0) {
        refuse();
        return part(pair);
      }
      isTaken[pair] = 1;
      const isLarge = Math.max(toFirst.length, toSecond.length) > MAX_FIRST_BYTES;
      if (state !== "running" || isLarge || first === second || first < 0 || second < 0) {
        refuse();
        return queueMicrotask(() => release(pair));
      }
      table.sockets.set([first, second], pair * 2);
      // Copies: a message carries the whole buffer that a part of it is from.
      tell({ type: "join", pair, toFirst: new Uint8Array(toFirst), toSecond: new Uint8Array(toSecond), slots });
    },
    part,
    async close() {
      if (state === "running") {
        state = "closing";
        tell({ type: "close" });
      }
      await ended;
    },
  };
}

function isRow(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}
