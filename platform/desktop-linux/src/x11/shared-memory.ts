import koffi from "koffi";
import { DesktopError } from "../errors.ts";

const IPC_PRIVATE = 0;
const IPC_RMID = 0;
const IPC_CREAT = 0o1000;
const OWNER_ONLY = 0o600;
/** What shmat answers instead of an address: all bits set. */
const NO_ADDRESS = -1n;

/** A System V segment that the X server writes into and we read without copying. */
export interface SharedMemory extends Disposable {
  readonly id: number;
  /** Empty once disposed of: whoever still looks sees nothing, instead of ending the process. */
  readonly bytes: Uint8Array;
  /** To be called once the server has attached: the segment then goes away with its last user. */
  markForRemoval(): void;
}

/** Makes a segment of `size` bytes. @throws DesktopError unsupported when the system gives none */
export function openSharedMemory(size: number): SharedMemory {
  const { shmget, shmat, shmdt, shmctl } = systemCalls();
  const id = shmget(IPC_PRIVATE, size, IPC_CREAT | OWNER_ONLY);
  if (id < 0) throw new DesktopError("unsupported", `the system gives no shared memory (error ${koffi.errno()})`);
  const remove = (): void => void shmctl(id, IPC_RMID, null);
  const address = shmat(id, null, 0);
  if (BigInt.asIntN(64, address) === NO_ADDRESS) {
    const error = koffi.errno();
    remove();
    throw new DesktopError("unsupported", `the system attaches no shared memory (error ${error})`);
  }
  const buffer = koffi.view(address, size) as ArrayBuffer;
  return {
    id,
    bytes: new Uint8Array(buffer),
    markForRemoval: remove,
    [Symbol.dispose]() {
      if (buffer.detached) return;
      buffer.transfer();
      shmdt(address);
    },
  };
}

function systemCalls() {
  try {
    const libc = koffi.load("libc.so.6");
    return {
      shmget: libc.func("int shmget(int key, size_t size, int flags)") as (k: number, s: number, f: number) => number,
      shmat: libc.func("void *shmat(int id, const void *at, int flags)") as (i: number, a: null, f: number) => bigint,
      shmdt: libc.func("int shmdt(const void *address)") as (address: bigint) => number,
      shmctl: libc.func("int shmctl(int id, int command, void *b)") as (i: number, c: number, b: null) => number,
    };
  } catch (cause) {
    throw new DesktopError("unsupported", "the system's C library can't be called", { cause });
  }
}
