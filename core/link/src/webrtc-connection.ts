import type { Candidate, DatagramEnd } from "@pulpit/protocol";
import type { PeerSocket } from "./kcp-peer-socket.ts";
import type { Link, Path } from "./link.ts";

/** Both certificates of a connection, as `sha-256 A0:A1:…`: what ties a proof of identity to this very connection. */
export interface Binding {
  /** The text that stands in the own description: stock peers compare texts. */
  readonly local: string;
  /** Of the certificate that the other end really showed, where the platform tells; never merely one it announced. */
  readonly remote: string;
}

/** A link whose transport is encrypted already, to whoever holds the remote certificate. */
export interface BoundLink extends Link {
  readonly binding: Binding;
  /** Largest message taken at the moment, bytes. */
  readonly largest: number;
  /** Begins a connection for datagrams to the same peer; undefined where the platform has none. */
  readonly openDatagrams?: OpenDatagrams | undefined;
}

/**
 * Begins a connection for datagrams (docs/protocol/extensions.md, "9: datagrams"), as the viewer, or as the host with
 * `viewer`, that one's end. Until it is open `signal` gives it up. Rejects with LinkError.
 */
export type OpenDatagrams = (options: {
  readonly viewer?: DatagramEnd;
  /** Called with each own candidate, to be told to the other end. */
  readonly gathered: (candidate: Candidate) => void;
  readonly signal: AbortSignal;
}) => Promise<DatagramConnection>;

/** A connection for datagrams in the making. */
export interface DatagramConnection {
  /** To be told to the other end. */
  readonly end: DatagramEnd;
  /** The host's end; for the viewer only. Rejects with LinkError. */
  accept(host: DatagramEnd): Promise<void>;
  /** A candidate of the other end, screened, after `accept`. */
  add(candidate: Candidate): void;
  /** Open; closing the socket ends the connection. Rejects with LinkError: timed-out, unreachable, aborted, malformed. */
  readonly opened: Promise<{ readonly socket: PeerSocket; readonly path: Path }>;
}

/** A WebRTC connection in the making; both platforms fill it (docs/protocol/webrtc.md, sections 8 and 9). */
export interface WebRtcConnection {
  /** The own SDP, ready to be sent, without candidates: those are told one by one. */
  readonly description: string;
  /** The answer of the other end, screened (`acceptable`). Only where `description` is an offer. Rejects with LinkError. */
  accept(answer: string): Promise<void>;
  /** A candidate of the other end, screened (`CandidateFilter`), after `accept`. One that WebRTC refuses is dropped. */
  add(candidate: Candidate): void;
  /** The open channel. Rejects with LinkError: timed-out, unreachable, aborted, malformed. */
  readonly opened: Promise<BoundLink>;
  /** Ends it in whatever state it is. A link that is open breaks. */
  close(): void;
}
