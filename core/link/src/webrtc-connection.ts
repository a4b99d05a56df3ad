import type { Candidate } from "@pulpit/protocol";
import type { Link } from "./link.ts";

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
