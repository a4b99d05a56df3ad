import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import { DatagramQueue, type DatagramSocket } from "@pulpit/link";
import { linkError } from "./from-errno.ts";
import { plainAddress } from "./plain-address.ts";

/**
 * Asked of the system for what has arrived while we were busy, bytes: a window of 1024 segments, each of which it
 * counts as two kilobytes. Linux gives no more than net.core.rmem_max, usually 208 KiB.
 */
const RECEIVE_BUFFER = 2 * 1024 * 1024;

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
  const waiting = new DatagramQueue<NonNullable<Awaited<ReturnType<DatagramSocket["receive"]>>>>();
  let closed = false;
  socket.on("message", (data, from) =>
    waiting.put({ data, from: { host: plainAddress(from.address), port: from.port } }),
  );
  // An error of a single datagram (nobody listens there yet) concerns that one only; KCP sends again.
  socket.on("error", () => undefined);
  const done = (): void => undefined;

  return {
    localPort: socket.address().port,
    receive: () => waiting.next(),
    send(data, to) {
      if (!closed) socket.send(data, to.port, to.host, done);
    },
    async close() {
      if (closed) return;
      closed = true;
      waiting.close();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
