import {
  type KcpRole,
  Punching,
  type PunchingEffect,
  type PunchingInput,
  type PunchingOutcome,
} from "@pulpit/protocol";
import { drive } from "./drive.ts";
import { LinkError } from "./errors.ts";
import { type PeerSocket, peerSocket } from "./kcp-peer-socket.ts";
import type { Clock, DatagramSocket } from "./link.ts";
import type { Source } from "./source.ts";

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
        source: received(socket),
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

/** What comes out of a socket, one at a time: the next one is not fetched before somebody waits for it. */
function received(socket: DatagramSocket): Source<PunchingInput> {
  let item: PunchingInput | undefined;
  let pending: Promise<void> | undefined;
  async function receive(): Promise<void> {
    const datagram = await socket.receive();
    if (datagram === undefined) throw new LinkError("closed", "the socket is closed");
    item = { type: "received", from: datagram.from, datagram: datagram.data };
  }
  return {
    ready: () => {
      pending ??= receive();
      return pending;
    },
    take() {
      const taken = item;
      if (taken !== undefined) pending = undefined;
      item = undefined;
      return taken;
    },
  };
}
