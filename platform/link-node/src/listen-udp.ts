import { createSocket, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";
import { plainAddress } from "./plain-address.ts";

/** A UDP port that hands over datagrams as they come. */
export interface UdpPort {
  readonly port: number;
  /** `to.host`: an IP address. `failed` when the system did not take it. */
  send(data: Uint8Array, to: { readonly host: string; readonly port: number }, failed: () => void): void;
  close(): Promise<void>;
}

/**
 * Opens one, of IPv4 and IPv6 together where the system can. `port` 0 takes a free one; `host`: an IP address, undefined
 * is all of them; `receiveBuffer`: what the system keeps for us while we are busy, bytes. Addresses are in the form in
 * which people write them.
 */
export async function listenUdp(
  at: { readonly port: number; readonly host: string | undefined; readonly receiveBuffer: number },
  received: (data: Uint8Array, host: string, port: number) => void,
): Promise<UdpPort> {
  const { socket, family } = await opened(at);
  socket.on("message", (data, from) => received(data, plainAddress(from.address), from.port));
  // Errors of single sends come back there; what else there is concerns one datagram, and the protocol sends again.
  socket.on("error", () => undefined);
  let closed = false;
  return {
    port: socket.address().port,
    send(data, to, failed) {
      if (closed) return;
      const host = family === "udp6" && isIPv4(to.host) ? `::ffff:${to.host}` : to.host;
      socket.send(data, 0, data.length, to.port, host, (error) => {
        if (error !== null) failed();
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

type Family = "udp4" | "udp6";

async function opened(at: {
  readonly port: number;
  readonly host: string | undefined;
  readonly receiveBuffer: number;
}): Promise<{ readonly socket: Socket; readonly family: Family }> {
  if (at.host !== undefined) {
    const family = isIPv4(at.host) ? "udp4" : "udp6";
    return { socket: await bound(family, at.host, at), family };
  }
  try {
    return { socket: await bound("udp6", "::", at), family: "udp6" };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL" && code !== "EINVAL") throw error;
    return { socket: await bound("udp4", "0.0.0.0", at), family: "udp4" };
  }
}

async function bound(
  type: Family,
  address: string,
  { port, receiveBuffer }: { readonly port: number; readonly receiveBuffer: number },
): Promise<Socket> {
  const socket = createSocket({
    type,
    recvBufferSize: receiveBuffer,
    // Nothing is looked up: hosts are addresses, and waiting a turn for each datagram is dear.
    lookup: (hostname, _options, callback) => callback(null, hostname, type === "udp6" ? 6 : 4),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ port, address }, () => {
        socket.off("error", reject);
        resolve();
      });
    });
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
