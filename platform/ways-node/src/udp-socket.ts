import { type DatagramSocket, datagrams, drive, framed, type Link, type Source } from "@pulpit/link";
import { dialKcp, nodeClock, openKcpSocket } from "@pulpit/link-node";
import { type KcpRole, type Random, type UdpPortEffect, type UdpPortInput, UdpPortProbe } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type SocketAddress, WireError } from "@pulpit/wire";
import { LIMIT } from "./limits.ts";

/** A socket that asks, tells and punches; it is closed unless a link has come of it. */
export class PunchSocket {
  readonly #socket: DatagramSocket;
  readonly #random: Random;
  #isTaken = false;
  /** Whose late answers are none of the peer's, though both may be at one address: behind one router, for instance. */
  #server: SocketAddress | undefined;

  constructor(socket: DatagramSocket, random: Random) {
    this.#socket = socket;
    this.#random = random;
  }

  static async open(random: Random, ipv6?: string): Promise<PunchSocket> {
    const at = ipv6 === undefined ? { port: 0 } : { port: 0, host: ipv6, ipv6: true };
    return new PunchSocket(await openKcpSocket(at), random);
  }

  get port(): number {
    return this.#socket.localPort;
  }

  send(message: Uint8Array, to: SocketAddress): void {
    this.#socket.send(message, to);
  }

  /** The port of this socket as the ID server sees it; 0 when it does not say. Then the socket is of no use any more. */
  publicPort(server: SocketAddress, signal: AbortSignal): Promise<number> {
    this.#server = server;
    return drive<UdpPortInput, Exclude<UdpPortEffect, { type: "finish" }>, number>(
      new UdpPortProbe(),
      { type: "start" },
      {
        source: answers(this.#socket, server),
        clock: nodeClock(),
        perform: (effect) => this.#socket.send(encodeServerMessage(effect.message), server),
        signal,
      },
    );
  }

  async meet(role: KcpRole, peer: SocketAddress, signal: AbortSignal): Promise<Link> {
    this.#isTaken = true;
    return framed(
      await dialKcp(without(this.#socket, this.#server), { role, peer, random: this.#random, signal }),
      LIMIT,
    );
  }

  close(): void {
    if (!this.#isTaken) void this.#socket.close();
  }
}

/** What the server says; what others send is dropped. */
function answers(socket: DatagramSocket, server: SocketAddress): Source<UdpPortInput> {
  return datagrams(socket, ({ from, data }) => {
    if (from.host !== server.host || from.port !== server.port) return undefined;
    try {
      return { type: "received", message: decodeServerMessage(data) };
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  });
}

/** A socket that does not hear one sender. */
function without(socket: DatagramSocket, sender: SocketAddress | undefined): DatagramSocket {
  if (sender === undefined) return socket;
  return {
    localPort: socket.localPort,
    async receive() {
      for (;;) {
        const datagram = await socket.receive();
        const isFromSender = datagram?.from.host === sender.host && datagram.from.port === sender.port;
        if (!isFromSender) return datagram;
      }
    },
    send: (data, to) => socket.send(data, to),
    close: () => socket.close(),
  };
}
