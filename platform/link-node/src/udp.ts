import { createSocket, type Socket } from "node:dgram";
import type { DatagramSocket } from "@pulpit/link";
import { linkError } from "./from-errno.ts";

/** Datagrams that may wait to be handled; beyond it they are lost, as the network may lose them anyway. */
const MAX_WAITING = 1024;

/** A UDP socket. `port` 0 takes a free one. `peer`: nothing but its datagrams arrive. */
export async function openUdp(at: {
  readonly host?: string;
  readonly port: number;
  readonly ipv6?: boolean;
  readonly peer?: { readonly host: string; readonly port: number };
}): Promise<DatagramSocket> {
  const socket = createSocket({ type: at.ipv6 ? "udp6" : "udp4" });
  const waiting: { data: Uint8Array; from: { host: string; port: number } }[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  socket.on("message", (data, from) => {
    if (waiting.length >= MAX_WAITING) return;
    waiting.push({ data, from: { host: from.address, port: from.port } });
    wake?.();
  });
  // Errors of single sends (unreachable port) concern that datagram only; the protocol sends again.
  socket.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: at.port, ...(at.host === undefined ? {} : { address: at.host }) }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  const { peer } = at;
  if (peer !== undefined) await connected(socket, peer);
  return {
    localPort: socket.address().port,
    async receive() {
      for (;;) {
        const datagram = waiting.shift();
        if (datagram !== undefined) return datagram;
        if (closed) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    send(data, to) {
      if (closed) return;
      if (peer === undefined) socket.send(data, to.port, to.host);
      else socket.send(data);
    },
    async close() {
      if (closed) return;
      closed = true;
      wake?.();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

async function connected(socket: Socket, peer: { readonly host: string; readonly port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    // Node calls back on failure, too, as when the name can't be resolved.
    socket.connect(peer.port, peer.host, ((error?: Error | null) => {
      socket.off("error", reject);
      if (error) reject(error);
      else resolve();
    }) as () => void);
  }).catch((error: unknown) => {
    socket.close();
    throw linkError(error);
  });
}
