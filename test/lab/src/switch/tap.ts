import { callable, close, errno, open } from "../libc.ts";

const READ_WRITE = 2;
const NON_BLOCKING = 0o4000;
const CLOSE_ON_EXEC = 0o2000000;
const CLONE_NEWNET = 0x40000000;
/** linux/if_tun.h: names the device and says what it carries. */
const TUNSETIFF = 0x400454ca;
/** Whole Ethernet frames, without a header of the driver's own. */
const IFF_TAP_NO_PI = 0x1002;
/** struct ifreq: 16 bytes of name, then the flags. */
const IFREQ_SIZE = 40;
const IFREQ_FLAGS = 16;

const setns: () => (fd: number, kind: number) => number = callable("int setns(int fd, int kind)");
const ioctl: () => (fd: number, request: number, argument: Uint8Array) => number = callable(
  "int ioctl(int fd, unsigned long request, void *argument)",
);

/**
 * Makes the Ethernet device `name` in a namespace and returns its descriptor, which does not block. It exists as long
 * as the descriptor is open. For worker threads only: the calling thread is in the other namespace for a moment.
 */
export function openTap(namespace: string, name: string): number {
  const home = opened("/proc/thread-self/ns/net", CLOSE_ON_EXEC);
  try {
    enter(opened(`/run/netns/${namespace}`, CLOSE_ON_EXEC), namespace);
    try {
      return attached(name);
    } finally {
      setns()(home, CLONE_NEWNET);
    }
  } finally {
    close()(home);
  }
}

function enter(fd: number, namespace: string): void {
  const error = setns()(fd, CLONE_NEWNET) < 0 ? errno() : 0;
  close()(fd);
  if (error !== 0) throw new Error(`cannot enter ${namespace} (error ${error})`);
}

function attached(name: string): number {
  const fd = opened("/dev/net/tun", READ_WRITE | NON_BLOCKING | CLOSE_ON_EXEC);
  const request = new Uint8Array(IFREQ_SIZE);
  request.set(new TextEncoder().encode(name).subarray(0, IFREQ_FLAGS - 1));
  new DataView(request.buffer).setUint16(IFREQ_FLAGS, IFF_TAP_NO_PI, true);
  if (ioctl()(fd, TUNSETIFF, request) >= 0) return fd;
  const error = errno();
  close()(fd);
  throw new Error(`cannot make the device ${name} (error ${error})`);
}

function opened(path: string, flags: number): number {
  const fd = open()(path, flags);
  if (fd < 0) throw new Error(`cannot open ${path} (error ${errno()})`);
  return fd;
}
