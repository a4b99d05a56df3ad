// The switch's thread: reads frames from its devices and writes each to another one when its time has come.
import { parentPort, workerData } from "node:worker_threads";
import { callable, close, openArena } from "../libc.ts";
import { Forwarding } from "./forwarding.ts";
import { FRAME_ROOM, FRAMES_SIZE, Frames } from "./frames.ts";
import { openTap } from "./tap.ts";
import type { ThreadTask } from "./thread-task.ts";

/** A thread that waits looks up this often, ms: whether it shall end, and whether a line has become shorter. */
const LOOK_UP_EVERY = 20;
/** Frames read from one device before the others have their turn. */
const TURN = 64;
const POLLIN = 1;
/** struct pollfd: descriptor, events asked for, events there are. */
const ENTRY = 8;
const SHORTEST_FRAME = 14;

const read: () => (fd: number, at: number, size: number) => number = callable(
  "int64_t read(int fd, uintptr_t at, size_t size)",
);
const write: () => (fd: number, at: number, size: number) => number = callable(
  "int64_t write(int fd, uintptr_t at, size_t size)",
);
const ppoll: () => (entries: number, count: number, timeout: number, mask: number) => number = callable(
  "int ppoll(uintptr_t entries, unsigned long count, uintptr_t timeout, uintptr_t mask)",
);

const task = workerData as ThreadTask;
const stop = new Int32Array(task.stop);
const frames = new Frames(openArena(FRAMES_SIZE));
const forwarding = new Forwarding(task, frames);
const devices = task.ports.map(({ namespace, device }) => openTap(namespace, device));
const entries = openArena(devices.length * ENTRY);
const timeout = openArena(16);
devices.forEach((fd, i) => {
  entries.view.setInt32(i * ENTRY, fd, true);
  entries.view.setInt16(i * ENTRY + 4, POLLIN, true);
});
const [readFrame, writeFrame, waitForFrames] = [read(), write(), ppoll()];

function wait(millis: number): number {
  timeout.view.setUint32(0, 0, true);
  timeout.view.setUint32(8, Math.max(0, Math.min(millis, LOOK_UP_EVERY)) * 1e6, true);
  return waitForFrames(entries.address, devices.length, timeout.address, 0);
}

function readFrom(port: number): void {
  const fd = devices[port] as number;
  for (let i = 0; i < TURN; i++) {
    const frame = frames.take();
    if (frame === -1) return;
    const length = readFrame(fd, frames.address(frame), FRAME_ROOM);
    if (length < SHORTEST_FRAME) {
      frames.giveBack(frame);
      return;
    }
    frames.setLength(frame, length);
    forwarding.came(port, frame, performance.now());
  }
}

function send(port: number, frame: number): void {
  // A device that is down refuses frames, as an unplugged one does.
  writeFrame(devices[port] as number, frames.address(frame), frames.length(frame));
  frames.giveBack(frame);
}

parentPort?.postMessage("ready");
while (Atomics.load(stop, 0) === 0) {
  const ready = wait(forwarding.next() - performance.now());
  for (let port = 0; ready > 0 && port < devices.length; port++)
    if ((entries.view.getInt16(port * ENTRY + 6, true) & POLLIN) !== 0) readFrom(port);
  forwarding.move(performance.now(), send);
}
for (const fd of devices) close()(fd);
