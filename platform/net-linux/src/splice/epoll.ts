import { type Arena, openArena } from "../arena.ts";
import { callable, EINTR, errno } from "../libc.ts";

export const EPOLLIN = 1;
export const EPOLLOUT = 4;
/** EPOLLERR | EPOLLHUP: told whether asked for or not. */
export const EPOLL_GONE = 0x18;

/** Events taken with one call of the system. */
const BATCH = 256;
const CLOSE_ON_EXEC = 0o2000000;
const CTL = { add: 1, remove: 2, change: 3 };
/** struct epoll_event: events, then 64 bits of ours; packed on x64 only. */
const ENTRY = process.arch === "x64" ? { size: 12, data: 4 } : { size: 16, data: 8 };

const epoll_create1: () => (flags: number) => number = callable("int epoll_create1(int flags)");
const epoll_ctl: () => (epoll: number, what: number, fd: number, event: number) => number = callable(
  "int epoll_ctl(int epoll, int what, int fd, uintptr_t event)",
);
const epoll_wait: () => (epoll: number, events: number, count: number, timeout: number) => number = callable(
  "int epoll_wait(int epoll, uintptr_t events, int count, int timeout)",
);

export function openEpoll(): number {
  const fd = epoll_create1()(CLOSE_ON_EXEC);
  if (fd < 0) throw new Error(`no epoll descriptor (error ${errno()})`);
  return fd;
}

/** Many descriptors waited for at once, each known by a number of the caller's. Level-triggered. */
export class Epoll {
  readonly #fd: number;
  readonly #arena: Arena = openArena((BATCH + 1) * ENTRY.size);
  /** Behind the events there are: the one asked for. */
  readonly #asked: number = BATCH * ENTRY.size;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** False where the system does not have it: no such descriptor, or none that can be waited for. */
  add(fd: number, number: number, events: number): boolean {
    return this.#control(CTL.add, fd, number, events);
  }

  change(fd: number, number: number, events: number): void {
    this.#control(CTL.change, fd, number, events);
  }

  /** Before it is closed: a connection that has another descriptor somewhere would be told of for ever. */
  remove(fd: number): void {
    this.#control(CTL.remove, fd, 0, 0);
  }

  /** How many events there are, at most `timeout` ms later. */
  wait(timeout: number): number {
    const count = epoll_wait()(this.#fd, this.#arena.address, BATCH, timeout);
    if (count >= 0) return count;
    if (errno() === EINTR) return 0;
    throw new Error(`epoll_wait (error ${errno()})`);
  }

  events(i: number): number {
    return this.#arena.view.getUint32(i * ENTRY.size, true);
  }

  number(i: number): number {
    return this.#arena.view.getUint32(i * ENTRY.size + ENTRY.data, true);
  }

  #control(what: number, fd: number, number: number, events: number): boolean {
    this.#arena.view.setUint32(this.#asked, events, true);
    this.#arena.view.setUint32(this.#asked + ENTRY.data, number, true);
    return epoll_ctl()(this.#fd, what, fd, this.#arena.address + this.#asked) === 0;
  }
}
