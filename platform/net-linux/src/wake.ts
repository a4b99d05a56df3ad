import { callable, close } from "./libc.ts";

const NON_BLOCKING = 0o4000;
const CLOSE_ON_EXEC = 0o2000000;
const eventfd: () => (initial: number, flags: number) => number = callable(
  "int eventfd(unsigned int initial, int flags)",
);
const write: () => (fd: number, data: Uint8Array, size: number) => number = callable(
  "int64_t write(int fd, const void *data, size_t size)",
);
const read: () => (fd: number, data: Uint8Array, size: number) => number = callable(
  "int64_t read(int fd, void *data, size_t size)",
);
const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

/** Makes a descriptor that wakes a thread out of `poll` or `epoll_wait`, from any thread of this process. */
export function openWake(): number {
  const fd = eventfd()(0, NON_BLOCKING | CLOSE_ON_EXEC);
  if (fd < 0) throw new Error("no event descriptor");
  return fd;
}

/** Wakes whoever waits for `fd` to be readable. */
export function wake(fd: number): void {
  write()(fd, ONE, ONE.length);
}

/** To be called by who was woken, before it looks what there is to do. */
export function awake(fd: number): void {
  read()(fd, new Uint8Array(8), 8);
}

export function closeWake(fd: number): void {
  close()(fd);
}
