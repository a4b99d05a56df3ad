import koffi from "koffi";
import { DesktopError } from "../errors.ts";

const IPC_PRIVATE = 0;
const IPC_RMID = 0;
const IPC_CREAT = 0o1000;
const OWNER_ONLY = 0o600;

/** A System V segment that the X server writes into and we read without copying. */
export interface SharedMemory {
  readonly id: number;
  readonly bytes: Uint8Array;
  /** To be called once the server has attached: the segment then goes away with its last user. */
  markForRemoval(): void;
  detach(): void;
}

/** Makes a segment of `size` bytes. @throws DesktopError unsupported when the system gives none */
export function openSharedMemory(size: number): SharedMemory {
  const libc = koffi.load("libc.so.6");
  const shmget = libc.func("int shmget(int key, size_t size, int flags)");
  const shmat = libc.func("void *shmat(int id, const void *address, int flags)");
  const shmdt = libc.func("int shmdt(const void *address)");
  const shmctl = libc.func("int shmctl(int id, int command, void *buffer)");
  const id: number = shmget(IPC_PRIVATE, size, IPC_CREAT | OWNER_ONLY);
  if (id < 0) throw new DesktopError("unsupported", "the system gives no shared memory");
  const address: unknown = shmat(id, null, 0);
  const bytes = new Uint8Array(koffi.view(address, size));
  return {
    id,
    bytes,
    markForRemoval: () => void shmctl(id, IPC_RMID, null),
    detach: () => void shmdt(address),
  };
}
