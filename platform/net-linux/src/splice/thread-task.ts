/** What the splicing thread is started with. */
export interface SplicerTask {
  readonly epollFd: number;
  readonly wakeFd: number;
  readonly allowances: SharedArrayBuffer;
  readonly progress: SharedArrayBuffer;
  /** Of `descriptorTable`. */
  readonly descriptors: SharedArrayBuffer;
  readonly maxPairs: number;
}

/** What it is told afterwards; the descriptors of a pair that joins are in the table already. */
export type Command =
  | {
      readonly type: "join";
      readonly pair: number;
      readonly toFirst: Uint8Array;
      readonly toSecond: Uint8Array;
      readonly slots: readonly number[];
    }
  | { readonly type: "part"; readonly pair: number }
  | { readonly type: "close" };

/** What it says: that it has started, and which pairs have ended since it last said so. */
export type Report = "ready" | readonly number[];

/** Every descriptor the thread owns, -1 where there is none: what it leaves behind can be closed from outside. */
export interface DescriptorTable {
  /** Two for each pair. */
  readonly sockets: Int32Array;
  /** Reading and writing end of each pipe; no pair holds more than two pipes. */
  readonly pipes: Int32Array;
}

const SOCKETS = 2;
const PIPE_ENDS = 4;

export function openDescriptorTable(maxPairs: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(maxPairs * (SOCKETS + PIPE_ENDS) * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(buffer).fill(-1);
  return buffer;
}

export function descriptorTable(buffer: SharedArrayBuffer, maxPairs: number): DescriptorTable {
  const all = new Int32Array(buffer);
  return { sockets: all.subarray(0, maxPairs * SOCKETS), pipes: all.subarray(maxPairs * SOCKETS) };
}

/** Closes entry `i`, and says so first: should the thread end here, nobody closes a number that is another's by now. */
export function closeEntry(table: Int32Array, i: number, close: (fd: number) => number): void {
  const fd = table[i] as number;
  table[i] = -1;
  if (fd >= 0) close(fd);
}
