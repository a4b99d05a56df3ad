import koffi from "koffi";
import { callable } from "./libc.ts";

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** Memory at an address that does not move: structures of the kernel point into it. */
export interface Arena {
  /** Where it begins, as the kernel sees it. Below 2^53 on every Linux there is. */
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

const mmap: () => (at: number, size: number, prot: number, flags: number, fd: number, offset: number) => bigint =
  callable("void *mmap(uintptr_t at, size_t size, int prot, int flags, int fd, int64_t offset)");

/** `size` bytes, zeroed; memory is taken page by page as it is used. Never given back: made once for a thread's life. */
export function openArena(size: number): Arena {
  const address = mmap()(0, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  if (BigInt.asIntN(64, BigInt(address)) === -1n) throw new Error(`no memory (error ${koffi.errno()})`);
  const buffer = koffi.view(address, size) as ArrayBuffer;
  return { address: Number(address), bytes: new Uint8Array(buffer), view: new DataView(buffer) };
}
