import koffi from "koffi";

let libc: ReturnType<typeof koffi.load> | undefined;

/** A function of the C library by its prototype, looked up when it is first needed. Pointers are best `uintptr_t`. */
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

/** The error number of the last call on this thread. */
export function errno(): number {
  return koffi.errno();
}

export const open: () => (path: string, flags: number) => number = callable("int open(const char *path, int flags)");
export const close: () => (fd: number) => number = callable("int close(int fd)");

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const mmap: () => (at: number, size: number, prot: number, flags: number, fd: number, offset: number) => bigint =
  callable("void *mmap(uintptr_t at, size_t size, int prot, int flags, int fd, int64_t offset)");

/** Memory at an address that does not move, so that it can be given to the kernel as a number. */
export interface Arena {
  readonly address: number;
  readonly view: DataView<ArrayBuffer>;
}

/** `size` bytes, zeroed; the system takes memory only for pages that are touched. Never given back. */
export function openArena(size: number): Arena {
  const address = mmap()(0, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  if (BigInt.asIntN(64, BigInt(address)) === -1n) throw new Error(`no memory (error ${errno()})`);
  return { address: Number(address), view: new DataView(koffi.view(address, size) as ArrayBuffer) };
}
