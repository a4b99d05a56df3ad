import { getSystemErrorName } from "node:util";
import type { Endpoint } from "@pulpit/protocol";
import { callable, close, errno } from "../libc.ts";
import { type Family, familyNumber, portOf, socketName } from "./socket-name.ts";

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_MTU_DISCOVER = 10;
const IP_PMTUDISC_DO = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
export const MSG_DONTWAIT = 0x40;

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
const sendto: () => (
  fd: number,
  data: Uint8Array,
  size: number,
  flags: number,
  name: Uint8Array,
  nameSize: number,
) => number = callable(
  "int64_t sendto(int fd, const void *data, size_t size, int flags, const void *name, unsigned int nameSize)",
);

/** A UDP socket of the system, by its descriptor. */
export interface SystemSocket {
  readonly fd: number;
  readonly family: Family;
  readonly port: number;
}

export interface SocketOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** An IP address; undefined is all of them, of IPv6 too where there is any. */
  readonly host: string | undefined;
  /** What the system keeps for us while we are busy, bytes. */
  readonly receiveBuffer: number;
}

/** Opens and binds one. Errors have the system's `code`, as Node's have. */
export function openSystemSocket({ port, host, receiveBuffer }: SocketOptions): SystemSocket {
  if (host !== undefined) return opened(host.includes(":") ? "ipv6" : "ipv4", { host, port }, receiveBuffer);
  try {
    return opened("ipv6", { host: "::", port }, receiveBuffer);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL") throw error;
    return opened("ipv4", { host: "0.0.0.0", port }, receiveBuffer);
  }
}

/** One datagram. False when the system does not take it now, or has no way to there. */
export function sendDatagram({ fd, family }: SystemSocket, data: Uint8Array, to: Endpoint): boolean {
  const name = socketName(family, to);
  return name !== undefined && sendto()(fd, data, data.length, MSG_DONTWAIT, name, name.length) >= 0;
}

function opened(family: Family, at: Endpoint, receiveBuffer: number): SystemSocket {
  const name = socketName(family, at);
  if (name === undefined) throw Object.assign(new Error(`not an address: ${at.host}`), { code: "EINVAL" });
  const fd = socket()(familyNumber(family), SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError("socket");
  try {
    if (family === "ipv6") setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, at.host === "::" ? 0 : 1);
    setOption(fd, SOL_SOCKET, SO_RCVBUF, receiveBuffer);
    // Nothing we send is long enough to be cut on the way; what can't be cut needs no number to put it together by.
    setOption(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
    if (bind()(fd, name, name.length) !== 0) throw systemError("bind");
    const bound = new Uint8Array(name.length);
    if (getsockname()(fd, bound, Uint32Array.of(bound.length)) !== 0) throw systemError("getsockname");
    return { fd, family, port: portOf(bound, 0) };
  } catch (error) {
    close()(fd);
    throw error;
  }
}

function setOption(fd: number, level: number, name: number, value: number): void {
  if (setsockopt()(fd, level, name, Int32Array.of(value), 4) !== 0) throw systemError("setsockopt");
}

export function systemError(call: string): Error {
  const code = getSystemErrorName(-errno());
  return Object.assign(new Error(`${call} ${code}`), { code, syscall: call });
}
