import { endianness } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { addressText, type DatagramCounters, type Endpoint, type TriageOptions } from "@pulpit/protocol";
import { close, isAvailable } from "../libc.ts";
import { closeWake, openWake, wake } from "../wake.ts";
import { DatagramRing, type Sender } from "./ring.ts";
import { openSystemSocket, type SocketOptions, sendDatagram } from "./socket.ts";
import { FLAG, systemMillis, type ThreadTask } from "./thread-task.ts";

/** Datagrams handed to the server before it looks after its connections again. */
const TURN = 64;

export interface DatagramThread {
  readonly port: number;
  send(data: Uint8Array, to: Endpoint): void;
  /** When it resolves the port is free. */
  close(): Promise<void>;
}

export interface DatagramThreadOptions extends SocketOptions {
  readonly triage: TriageOptions;
  readonly counters: DatagramCounters;
  readonly now: () => number;
  /** What the thread could not answer itself. */
  readonly received: (data: Uint8Array, from: Endpoint) => void;
  /** The thread ended, and with it the socket; nothing will be received any more. */
  readonly failed: (error: Error) => void;
}

/** Whether datagrams can be read by a thread of their own here: its structures are those of 64-bit Linux. */
export function canReadDatagrams(): boolean {
  return isAvailable() && (process.arch === "x64" || process.arch === "arm64") && endianness() === "LE";
}

/** Opens the port and starts the thread. Errors of the port have the system's `code`. */
export async function openDatagrams(options: DatagramThreadOptions): Promise<DatagramThread> {
  const socket = openSystemSocket(options);
  const wakeFd = openWake();
  const ring = new DatagramRing();
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const workerData: ThreadTask = {
    fd: socket.fd,
    family: socket.family,
    wakeFd,
    triage: options.triage,
    ring: ring.buffer,
    counters: options.counters.buffer,
    flags: flags.buffer as SharedArrayBuffer,
    clockOffset: options.now() - systemMillis(),
  };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData });
  let failure = new Error("the datagram thread ended");
  let state: "starting" | "running" | "over" = "starting";
  // Far cheaper than a message for each time.
  const serve = async (): Promise<void> => {
    while (state === "running") {
      await Atomics.waitAsync(flags, FLAG.waiting, 0).value;
      Atomics.store(flags, FLAG.waiting, 0);
      for (let i = 0; i < TURN && state === "running"; i++) {
        const datagram = ring.take();
        if (datagram === undefined) break;
        options.received(datagram.data, endpoint(datagram.from));
      }
      if (!ring.isEmpty()) Atomics.store(flags, FLAG.waiting, 1);
      await setImmediate();
    }
  };
  const end = (): void => {
    state = "over";
    Atomics.store(flags, FLAG.stop, 1);
    wake(wakeFd);
    Atomics.store(flags, FLAG.waiting, 1);
    Atomics.notify(flags, FLAG.waiting);
  };
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve())).then(() => {
    const wasRunning = state === "running";
    end();
    close()(socket.fd);
    closeWake(wakeFd);
    if (wasRunning) options.failed(failure);
  });
  await new Promise<void>((resolve, reject) => {
    worker.on("error", (error) => {
      failure = error as Error;
    });
    worker.once("message", () => {
      state = "running";
      resolve();
    });
    void ended.then(() => reject(failure));
  });
  void serve();
  return {
    port: socket.port,
    send(data, to) {
      if (state === "running" && !sendDatagram(socket, data, to)) options.counters.count("serverUnsent");
    },
    async close() {
      if (state === "running") end();
      await ended;
    },
  };
}

function endpoint({ address, port, zone }: Sender): Endpoint {
  const host = addressText(address, 0);
  return { host: zone === 0 ? host : `${host}%${zone}`, port };
}
