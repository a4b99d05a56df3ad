import koffi from "koffi";

/** Errors that are part of everyday life with non-blocking sockets (errno of Linux). */
export const EINTR = 4;
export const EAGAIN = 11;

let libc: ReturnType<typeof koffi.load> | undefined;

/**
 * A function of the C library by its prototype, looked up when it is first needed: where there is no such library,
 * nothing but its user fails. Pointers are best declared `uintptr_t` and passed as numbers (see Arena).
 */
// biome-ignore lint/suspicious/noExplicitAny: the prototype is text, so only the caller knows the types.
export function callable<F extends (...args: any[]) => unknown>(prototype: string): () => F {
  let found: F | undefined;
  return () => {
    if (found !== undefined) return found;
    libc ??= koffi.load("libc.so.6");
    found = libc.func(prototype) as unknown as F;
    return found;
  };
}

/** The error of the last call on this thread. */
export function errno(): number {
  return koffi.errno();
}

export const close: () => (fd: number) => number = callable("int close(int fd)");
export const fcntl: () => (fd: number, what: number, value: number) => number = callable(
  "int fcntl(int fd, int what, int value)",
);

let available: boolean | undefined;

/** Whether this system can be called this way: Linux with the GNU C library. */
export function isAvailable(): boolean {
  available ??= process.platform === "linux" && loads();
  return available;
}

function loads(): boolean {
  try {
    libc ??= koffi.load("libc.so.6");
    return true;
  } catch {
    // Another C library, such as musl's: the portable way is the way there.
    return false;
  }
}
