import { type DatagramSocket, type KcpStream, kcpStream, punch } from "@pulpit/link";
import type { KcpRole, Random } from "@pulpit/protocol";
import { nodeClock } from "./clock.ts";
import { plainAddress } from "./plain-address.ts";

/**
 * Punches through to a peer and opens a pipe to it (docs/protocol/rendezvous.md, sections 4.11 and 4.12). `socket`: the
 * one whose address the peer was told, from `openKcpSocket`; owned from here on. `peer`: as the server signalled it.
 * @throws LinkError timed-out, aborted.
 */
export async function dialKcp(
  socket: DatagramSocket,
  options: {
    readonly role: KcpRole;
    readonly peer: { readonly host: string; readonly port: number };
    readonly random: Random;
    readonly signal: AbortSignal;
  },
): Promise<KcpStream> {
  const { role, random, signal } = options;
  const clock = nodeClock();
  const peer = { host: plainAddress(options.peer.host), port: options.peer.port };
  return kcpStream(await punch(socket, { role, peer, clock, signal }), { role, clock, random, signal });
}
