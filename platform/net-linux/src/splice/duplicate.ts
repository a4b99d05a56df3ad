import type { Socket } from "node:net";
import { close, fcntl } from "../libc.ts";

const F_DUPFD_CLOEXEC = 1030;

/** A second descriptor of a socket's connection, which lives on when the socket is destroyed; undefined for a socket that has none. */
export function duplicateOf(socket: Socket): number | undefined {
  const fd = (socket as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
  if (fd === undefined || fd < 0) return undefined;
  const duplicate = fcntl()(fd, F_DUPFD_CLOEXEC, 3);
  return duplicate < 0 ? undefined : duplicate;
}

/** Gives up a descriptor that nobody took. */
export function closeDescriptor(fd: number): void {
  close()(fd);
}
