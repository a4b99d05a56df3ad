import type { RemoteInfo } from "node:dgram";
import { setTimeout } from "node:timers/promises";
import type { Endpoint } from "../endpoint.ts";
import type { AskingSocket } from "./asking.ts";
import type { Punch, PunchOrder } from "./orders.ts";

/** How often a datagram is sent while nobody is met, ms. */
const EVERY = 50;

/**
 * Calls where the other one is said to be, until it calls from where it turns out to be: behind a symmetric NAT that is
 * another port than the server saw.
 */
export async function punchUdp(asking: AskingSocket, order: PunchOrder): Promise<Punch> {
  const { socket } = asking;
  const { word, patience } = order;
  let { peer } = order;
  const ended = new AbortController();
  const send = (what: "call" | "reply", { port, address }: Endpoint): void =>
    socket.send(`${what} ${word}`, port, address, () => undefined);
  let met: Punch = { type: "missed" };
  socket.on("message", (message: Uint8Array, { address, port }: RemoteInfo) => {
    const heard = new TextDecoder().decode(message);
    if (heard === `call ${word}`) {
      peer = { address, port };
      send("reply", peer);
    }
    if (heard !== `reply ${word}` || met.type === "met") return;
    met = { type: "met", from: { address, port } };
    ended.abort();
  });
  const until = performance.now() + patience;
  while (performance.now() < until && !ended.signal.aborted) {
    send("call", peer);
    await setTimeout(EVERY, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  return met;
}
