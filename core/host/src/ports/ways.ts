import type { Link, WebRtcConnection } from "@pulpit/link";
import type { Candidate, IcePolicy, ServerAddress } from "@pulpit/protocol";
import type { SocketAddress } from "@pulpit/wire";

/** Ways in which a viewer can reach this host beside the relay. What the platform does not have is absent. */
export interface HostWays {
  /** TCP: dialled from the port the ID server was called from, and waited for on it (docs/protocol/rendezvous.md, 4.10). */
  readonly tcp?: (server: ServerAddress, signal: AbortSignal) => Promise<HostTcpWay>;
  /** UDP with KCP inside (section 4.11). */
  readonly udp?: (signal: AbortSignal) => Promise<HostUdpWay>;
  /** … over IPv6; undefined while this host has no public address of that kind (section 4.12). */
  readonly ipv6?: (signal: AbortSignal) => Promise<HostUdpWay | undefined>;
  /** A WebRTC data channel (docs/protocol/webrtc.md). `offer`: the viewer's SDP, screened. */
  readonly webrtc?: (
    offer: string,
    options: {
      readonly policy: IcePolicy;
      readonly gathered: (candidate: Candidate) => void;
      readonly signal: AbortSignal;
    },
  ) => Promise<WebRtcConnection>;
}

/** A connection to the ID server, and what its local port is good for. */
export interface HostTcpWay {
  readonly server: Link;
  /** This end of it: what viewers on the same network dial. */
  readonly local: SocketAddress;
  /**
   * Opens the routers for a viewer and waits for it. `ready` is called when the viewer may be told to come; after that
   * the connection to the ID server is closed. Rejects with LinkError.
   */
  punch(viewer: SocketAddress, ready: () => Promise<void>, signal: AbortSignal): Promise<Link>;
  /** Closes the connection to the ID server and takes one viewer of this network on its port. */
  wait(signal: AbortSignal): Promise<Link>;
  close(): void;
}

/** A socket that punches. */
export interface HostUdpWay {
  /** Of this socket; for IPv6 the public one. */
  readonly local: SocketAddress;
  /** Sends a message to the ID server, more than once: datagrams get lost (section 4.11). */
  tell(server: ServerAddress, message: Uint8Array): void;
  /** Resolves with a link once the viewer has come. Rejects with LinkError. Owns the socket from then on. */
  meet(viewer: SocketAddress, signal: AbortSignal): Promise<Link>;
  close(): void;
}
