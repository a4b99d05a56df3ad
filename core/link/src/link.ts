/** How a link reaches its peer, as far as this side knows; shown in the badge and used by allow-lists. */
export interface Path {
  readonly transport: "tcp" | "websocket" | "kcp" | "webrtc" | "memory";
  /** `direct` to the peer, through a `relay`, or to one of our `server`s. */
  readonly route: "direct" | "relay" | "server";
  /** Address of the other end of the transport, `host:port` or a URL without query; empty when unknown. */
  readonly remote: string;
}

/**
 * An ordered, reliable pipe of whole messages to one peer (ADR 0003).
 * One reader at a time; framing is decoded on pull, never ahead.
 */
export interface Link {
  readonly path: Path;
  /**
   * The next whole message; undefined after a clean close by the peer.
   * Rejects with LinkError when the pipe broke. At most one call may be pending.
   */
  receive(): Promise<Uint8Array | undefined>;
  /** Bytes accepted by `send` that the transport has not taken yet; lets video skip pictures. */
  readonly queuedBytes: number;
  /** Resolves when there is room for another message; rejects with LinkError. */
  send(message: Uint8Array): Promise<void>;
  /** Largest message taken from the peer from now on, bytes; a larger one breaks the link with `too-large`. */
  limit(bytes: number): void;
  /** Leaves messages behind: raw bytes from here on, unread ones first, sealing dropped (wire.md section 2.3). */
  detach(): ByteStream;
  /** Ends the link after what was sent has left, or at once when `reason` is given. Idempotent, never rejects. */
  close(reason?: Error): Promise<void>;
}

/** An ordered, reliable pipe of bytes. Same rules as Link. */
export interface ByteStream {
  readonly path: Path;
  /** The next bytes, at least one; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  readonly queuedBytes: number;
  /** Writes the parts in order as one. Resolves when there is room for more. */
  write(...parts: readonly Uint8Array[]): Promise<void>;
  close(reason?: Error): Promise<void>;
}

/** Datagrams to and from anywhere. */
export interface DatagramSocket {
  readonly localPort: number;
  /** Undefined after close. */
  receive(): Promise<
    { readonly data: Uint8Array; readonly from: { readonly host: string; readonly port: number } } | undefined
  >;
  send(data: Uint8Array, to: { readonly host: string; readonly port: number }): void;
  close(): Promise<void>;
}

/** Opens links to servers. `address`: `host:port` (TCP) or a ws:// or wss:// URL, as the platform can. */
export type Dial = (
  address: string,
  options: { readonly route: Path["route"]; readonly signal: AbortSignal },
) => Promise<Link>;

/** A clock and its alarm; the only time core ever sees. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once at `when` (clock milliseconds) or as soon after as possible; returns its cancellation. */
  alarm(when: number, callback: () => void): () => void;
}
