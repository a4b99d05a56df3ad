import type { DatagramSocket } from "@pulpit/link";
import type { Endpoint } from "@pulpit/protocol";
import { decodeServerMessage, type ServerMessage, WireError } from "@pulpit/wire";
import { DATAGRAMS_PER_SECOND } from "./config.ts";
import { RateLimit } from "./rate-limit.ts";

/** Larger datagrams are none of ours, bytes (docs/protocol/wire.md, section 3). */
const MAX_DATAGRAM = 1500;

/** Reads the registration port until it closes. What is too much, too large or no message is dropped. */
export async function serveDatagrams(
  socket: DatagramSocket,
  now: () => number,
  received: (message: ServerMessage, from: Endpoint, bytes: number) => void,
): Promise<void> {
  const limit = new RateLimit(DATAGRAMS_PER_SECOND);
  for (let datagram = await socket.receive(); datagram !== undefined; datagram = await socket.receive()) {
    const { data, from } = datagram;
    if (data.length === 0 || data.length > MAX_DATAGRAM || !limit.allows(from.host, now())) continue;
    let message: ServerMessage;
    try {
      message = decodeServerMessage(data);
    } catch (error) {
      if (error instanceof WireError) continue;
      throw error;
    }
    received(message, from, data.length);
  }
}
