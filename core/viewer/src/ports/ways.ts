import type { Link, WebRtcConnection } from "@pulpit/link";
import type { Candidate } from "@pulpit/protocol";
import type { SocketAddress } from "@pulpit/wire";

/** Ways to a host beside the relay. What the platform does not have is absent. */
export interface Ways {
  /** TCP, dialled from the port the ID server was called from (docs/protocol/rendezvous.md, section 4.10). */
  readonly tcp?: (server: string, signal: AbortSignal) => Promise<TcpWay>;
  /** UDP with KCP inside, over IPv4 and IPv6 (sections 4.11 and 4.12). */
  readonly udp?: (server: string, signal: AbortSignal) => Promise<UdpWay>;
  /** A WebRTC data channel (docs/protocol/webrtc.md). `gathered` is told the own candidates. */
  readonly webrtc?: (options: {
    readonly gathered: (candidate: Candidate) => void;
    readonly signal: AbortSignal;
  }) => Promise<WebRtcConnection>;
}

/** A connection to the ID server, and the way to the host from the same local port. */
export interface TcpWay {
  readonly server: Link;
  /** Closes the connection to the ID server and dials the host. Rejects with LinkError. */
  dial(host: SocketAddress, signal: AbortSignal): Promise<Link>;
}

/** A socket that punches. */
export interface UdpWay {
  /** Address of the ID server to call it at, so that it sees the address the port belongs to; undefined: any of its. */
  readonly server: string | undefined;
  /** Port as the ID server sees it, as soon as it says so; 0 when it does not. Never rejects. */
  readonly port: Promise<number>;
  /** Public IPv6 address of the socket for IPv6, when there is one. */
  readonly ipv6: SocketAddress | undefined;
  /** Resolves with a link once the host answers. Rejects with LinkError. */
  punch(host: SocketAddress, signal: AbortSignal): Promise<Link>;
  /** What was not used is closed; a link that came up goes on. */
  close(): void;
}
