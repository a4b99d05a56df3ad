import type { Lane } from "@pulpit/link";
import type { MessageKey, Permission } from "@pulpit/protocol";
import type { OptionMessage, PeerMessage, PeerMessageInit } from "@pulpit/wire";

/** How a feature speaks to its viewer. */
export interface ViewerChannel {
  /** `left` is called when the link has taken the message. */
  send(message: PeerMessageInit, lane: Lane, left?: () => void): void;
  /** Bytes waiting in front of the link. */
  readonly queuedBytes: number;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Ends the session; the text is shown to the viewer. */
  dismiss(farewell: string): void;
}

/** One thing a host does for a logged-in viewer. What arrives has passed the gate; features never ask. */
export interface Feature {
  readonly handles: readonly MessageKey[];
  handle(message: PeerMessage): void;
  /** A change of options; switches this viewer may not set read as "no change". */
  option?(option: OptionMessage): void;
  /** What the viewer may do has changed; what it holds by a permission that is gone has to be let go. */
  permitted?(granted: ReadonlySet<Permission>): void;
  /** A probe came back, ms. */
  measured?(delay: number): void;
  /** The session is over, for whatever reason. */
  close(): Promise<void>;
}
