import { openArena } from "../arena.ts";
import { callable } from "../libc.ts";

const POLLIN = 1;
/** struct pollfd: descriptor, events asked for, events there are. */
const ENTRY = 8;
/** A thread that waits looks up this often, ms: only then does it see that the process wants to end. */
const LOOK_UP_EVERY = 500;

const poll: () => (entries: number, count: number, timeout: number) => number = callable(
  "int poll(uintptr_t entries, unsigned long count, int timeout)",
);

/** What waits, whenever it is called, until one of the descriptors can be read, or for a moment. */
export function openPoll(fds: readonly number[]): () => void {
  const arena = openArena(fds.length * ENTRY);
  fds.forEach((fd, i) => {
    arena.view.setInt32(i * ENTRY, fd, true);
    arena.view.setInt16(i * ENTRY + 4, POLLIN, true);
  });
  return () => {
    poll()(arena.address, fds.length, LOOK_UP_EVERY);
  };
}
