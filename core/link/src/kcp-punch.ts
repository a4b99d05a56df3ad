import {
  type KcpRole,
  Punching,
  type PunchingEffect,
  type PunchingInput,
  type PunchingOutcome,
} from "@pulpit/protocol";
import { datagrams } from "./datagrams.ts";
import { drive } from "./drive.ts";
import { LinkError } from "./errors.ts";
import { type PeerSocket, peerSocket } from "./kcp-peer-socket.ts";
import type { Clock, DatagramSocket } from "./link.ts";

/**
 * Opens the way through the routers between two peers (docs/protocol/wire.md, section 5.1): the peer's socket when one
 * of its datagrams has come through. Owns the socket and closes it when that fails. `peer`: as the server signalled it,
 * an address and not a name. `anyHost`: whoever sends a datagram first is the peer, wherever it is.
 * @throws LinkError timed-out, aborted, or closed with the socket.
 */
export async function punch(
  socket: DatagramSocket,
  options: {
    readonly role: KcpRole;
    readonly peer: { readonly host: string; readonly port: number };
    readonly clock: Clock;
    readonly signal?: AbortSignal | undefined;
    readonly anyHost?: boolean;
  },
): Promise<PeerSocket> {
  const { role, peer, clock, signal, anyHost = false } = options;
  const machine = new Punching(role, peer, { anyHost });
  try {
    const outcome = await drive<PunchingInput, PunchingEffect, PunchingOutcome>(
      machine,
      { type: "start" },
      {
        source: datagrams(socket, ({ from, data }) => ({ type: "received", from, datagram: data })),
        clock,
        perform: (effect) => {
          if (effect.type === "send") socket.send(effect.datagram, effect.to);
        },
        signal,
      },
    );
    if (outcome.type === "unanswered") throw new LinkError("timed-out", "no datagram of the peer came through");
    return peerSocket(socket, outcome.peer, outcome.first);
  } catch (error) {
    await socket.close();
    throw error;
  }
}
