import { createServer, type Server, Socket } from "node:net";
import { callable, close, errno } from "../libc.ts";

// Linux: sys/socket.h and asm-generic/socket.h.
const AF_INET = 2;
const SOCK_STREAM_CLOEXEC = 0o2000001;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_REUSEPORT = 15;
/** struct sockaddr_in. */
const NAME_SIZE = 16;

const socket: () => (family: number, kind: number, protocol: number) => number = callable(
  "int socket(int family, int kind, int protocol)",
);
const setsockopt: () => (fd: number, level: number, option: number, value: Uint8Array, size: number) => number =
  callable("int setsockopt(int fd, int level, int option, const void *value, unsigned int size)");
const bind: () => (fd: number, name: Uint8Array, size: number) => number = callable(
  "int bind(int fd, const void *name, unsigned int size)",
);

/**
 * A TCP socket of IPv4 bound to a port that others of this process may have too. Node has no way to connect from a
 * port that listens: libuv sets SO_REUSEPORT for listeners only.
 */
function boundDescriptor(port: number): number {
  const fd = socket()(AF_INET, SOCK_STREAM_CLOEXEC, 0);
  if (fd < 0) throw new Error(`no socket (error ${errno()})`);
  const one = new Uint8Array([1, 0, 0, 0]);
  const name = new Uint8Array(NAME_SIZE);
  const view = new DataView(name.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  for (const option of [SO_REUSEADDR, SO_REUSEPORT]) setsockopt()(fd, SOL_SOCKET, option, one, one.length);
  if (bind()(fd, name, NAME_SIZE) >= 0) return fd;
  const error = errno();
  close()(fd);
  throw new Error(`port ${port} is taken (error ${error})`);
}

/** Connects from a port that may be in use. Errors come as events of the socket. */
export function connectFrom(port: number, to: { readonly address: string; readonly port: number }): Socket {
  const connecting = new Socket({ fd: boundDescriptor(port), readable: true, writable: true });
  connecting.connect({ host: to.address, port: to.port });
  return connecting;
}

/** Listens on a port that may be in use. */
export function listenOn(port: number, accepted: (socket: Socket) => void): Server {
  return createServer(accepted).listen({ fd: boundDescriptor(port) });
}
