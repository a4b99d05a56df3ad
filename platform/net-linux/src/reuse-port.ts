import { systemError } from "./datagrams/socket.ts";
import { familyNumber, nameSize, portOf, socketName } from "./datagrams/socket-name.ts";
import { callable, close } from "./libc.ts";

const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_REUSEPORT = 15;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;

const socket: () => (family: number, type: number, protocol: number) => number = callable(
  "int socket(int family, int type, int protocol)",
);
const setsockopt: () => (fd: number, level: number, name: number, value: Int32Array, size: number) => number = callable(
  "int setsockopt(int fd, int level, int name, const void *value, unsigned int size)",
);
const bind: () => (fd: number, name: Uint8Array, size: number) => number = callable(
  "int bind(int fd, const void *name, unsigned int size)",
);
const getsockname: () => (fd: number, name: Uint8Array, size: Uint32Array) => number = callable(
  "int getsockname(int fd, void *name, void *size)",
);

/** A TCP socket that is bound and nothing else yet; whoever has it closes it. */
export interface SharedPortSocket {
  readonly fd: number;
  readonly port: number;
}

/**
 * A TCP socket on a local port that other such sockets of this user may have as well: one listens, one waits for an
 * answer, one talks to a server (docs/protocol/rendezvous.md, section 4.10). Node can't ask for this: what it binds
 * may not share a port with a listener. `host`: an IP address, `0.0.0.0` or `::` for all; `port` 0 takes a free one.
 * Throws errors with the system's `code`, as Node's have.
 */
export function bindSharedPort({ host, port }: { readonly host: string; readonly port: number }): SharedPortSocket {
  const family = host.includes(":") ? "ipv6" : "ipv4";
  const name = socketName(family, { host, port });
  if (name === undefined) throw new TypeError("not an IP address");
  const fd = socket()(familyNumber(family), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError("socket");
  try {
    turnOn(fd, SOL_SOCKET, SO_REUSEADDR);
    turnOn(fd, SOL_SOCKET, SO_REUSEPORT);
    // IPv4 has a socket of its own; two that both take it would disturb each other.
    if (family === "ipv6") turnOn(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    if (bind()(fd, name, name.length) !== 0) throw systemError("bind");
    const bound = new Uint8Array(nameSize(family));
    if (getsockname()(fd, bound, Uint32Array.of(bound.length)) !== 0) throw systemError("getsockname");
    return { fd, port: portOf(bound, 0) };
  } catch (error) {
    close()(fd);
    throw error;
  }
}

function turnOn(fd: number, level: number, option: number): void {
  if (setsockopt()(fd, level, option, Int32Array.of(1), 4) !== 0) throw systemError("setsockopt");
}
