import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import type { DatagramSocket } from "@pulpit/link";
import { linkError } from "./from-errno.ts";
import { plainAddress } from "./plain-address.ts";

/**
 * Asked of the system for what has arrived while we were busy, bytes: a window of 1024 segments, each of which it
 * counts as two kilobytes. Linux gives no more than net.core.rmem_max, usually 208 KiB.
 */
const RECEIVE_BUFFER = 2 * 1024 * 1024;
/** Datagrams that wait to be handled; beyond it they are lost, and sent again. */
const MAX_WAITING = 4096;

/** A UDP socket for pictures: many datagrams in a short time, of which none should be lost here. `port` 0: a free one. */
export async function openKcpSocket(at: {
  readonly host?: string;
  readonly port: number;
  readonly ipv6?: boolean;
}): Promise<DatagramSocket> {
  const type = at.ipv6 ? "udp6" : "udp4";
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER, lookup: addressesOnly });
  await bound(socket, at);
  return datagrams(socket);
}

/** Peers are signalled by address. Node would ask the resolver for each datagram, and send it only later. */
function addressesOnly(
  host: string,
  _: unknown,
  answer: (error: Error | null, address: string, family: number) => void,
): void {
  const family = isIP(host);
  answer(family === 0 ? new Error("not an address") : null, host, family);
}

async function bound(socket: Socket, at: { readonly host?: string; readonly port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: at.port, ...(at.host === undefined ? {} : { address: at.host }) }, () => {
      socket.off("error", reject);
      resolve();
    });
  }).catch((error: unknown) => {
    socket.close();
    throw linkError(error);
  });
}

function datagrams(socket: Socket): DatagramSocket {
  type Datagram = { readonly data: Uint8Array; readonly from: { readonly host: string; readonly port: number } };
  let waiting: Datagram[] = [];
  let first = 0;
  let wake: (() => void) | undefined;
  let closed = false;
  socket.on("message", (data, from) => {
    if (waiting.length - first >= MAX_WAITING) return;
    waiting.push({ data, from: { host: plainAddress(from.address), port: from.port } });
    wake?.();
  });
  // An error of a single datagram (nobody listens there yet) concerns that one only; KCP sends again.
  socket.on("error", () => undefined);
  const done = (): void => undefined;

  return {
    localPort: socket.address().port,
    async receive() {
      for (;;) {
        if (closed) return undefined;
        const datagram = waiting[first];
        if (datagram !== undefined) {
          first += 1;
          if (first === waiting.length) {
            waiting = [];
            first = 0;
          }
          return datagram;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    send(data, to) {
      if (!closed) socket.send(data, to.port, to.host, done);
    },
    async close() {
      if (closed) return;
      closed = true;
      wake?.();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
