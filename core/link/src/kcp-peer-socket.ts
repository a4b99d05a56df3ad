import type { DatagramSocket } from "./link.ts";

/** Datagrams to and from one peer. */
export interface PeerSocket {
  /** Address of the peer, `host:port`. */
  readonly remote: string;
  /** The next datagram; undefined after close. At most one call may be pending. */
  receive(): Promise<Uint8Array | undefined>;
  send(datagram: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * A socket that hears one peer only: what others send is dropped. `first`: a datagram of the peer that has been taken
 * from the socket already.
 */
export function peerSocket(
  socket: DatagramSocket,
  peer: { readonly host: string; readonly port: number },
  first?: Uint8Array,
): PeerSocket {
  let unread = first;
  const { host, port } = peer;
  return {
    remote: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
    async receive() {
      if (unread !== undefined) {
        const datagram = unread;
        unread = undefined;
        return datagram;
      }
      for (;;) {
        const received = await socket.receive();
        if (received === undefined) return undefined;
        if (received.from.port === port && received.from.host === host) return received.data;
      }
    },
    send: (datagram) => socket.send(datagram, peer),
    close: () => socket.close(),
  };
}
