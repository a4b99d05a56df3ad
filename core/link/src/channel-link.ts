import { FragmentReader, fragmentsOf, ProtocolError } from "@pulpit/protocol";
import { LinkError, type LinkErrorCode } from "./errors.ts";
import type { ByteStream, Path } from "./link.ts";
import { messagesAsBytes } from "./messages-as-bytes.ts";
import type { Binding, BoundLink, OpenDatagrams } from "./webrtc-connection.ts";

/** Bytes waiting in the channel above which `send` waits, and those below which it goes on. */
export const WAIT_ABOVE: number = 256 * 1024;
export const GO_ON_BELOW: number = 64 * 1024;
/** Unread bytes beyond which a peer is flooding us: a data channel cannot be told to stop. */
const MAX_UNREAD = 64 * 1024 * 1024;
/** What a message takes besides its bytes: without counting it, tiny ones could pile up without end. */
const OVERHEAD = 128;
/**
 * A fragment of this size or more is answered where nothing else is to be sent. SCTP says what has arrived with whatever
 * goes the other way, and otherwise waits: the sender, which may have only ten packets under way after a pause, waits
 * with it (docs/adr/0031-webrtc-in-node.md).
 */
const ANSWERED_FROM = 1_000;
/** The answer: an envelope with nothing in it that a stock peer knows (docs/protocol/extensions.md, "8: heard"). */
const HEARD: Uint8Array = Uint8Array.of(0x80, 0x3f, 1);
/** Read messages that may wait to be dropped from the queue together. */
const MOVE_EVERY = 4096;

/** An open data channel, ordered and reliable, as the platform has it; one message is one fragment. */
export interface RawChannel {
  /** Hands one message over. Throws when there is no sending any more. */
  send(message: Uint8Array): void;
  /** Bytes handed over that have not left. */
  readonly bufferedAmount: number;
  /** Closes once `sent` has settled and everything has left, or after a few seconds. Resolves then, never rejects. */
  finish(sent: Promise<unknown>): Promise<void>;
  /** Ends the connection at once, whatever waits. */
  destroy(): void;
}

/**
 * A data channel as a link: messages in fragments, no faster than it takes them. The platform tells what happens by
 * `received`, `hasRoom` and `ended`. Source: docs/protocol/webrtc.md, section 13.
 */
export class ChannelLink implements BoundLink {
  readonly path: Path;
  readonly binding: Binding;
  readonly openDatagrams: OpenDatagrams | undefined;
  readonly #channel: RawChannel;
  readonly #reader: FragmentReader;
  #unread: Uint8Array[] = [];
  /** Where the first unread one is: moving half a million of them for each would be a gift to who floods us. */
  #head = 0;
  #unreadBytes = 0;
  #end: { readonly failure: LinkError | undefined } | undefined;
  #closed = false;
  /** Messages whose turn has not come or is not over. */
  #sending = 0;
  /** The one writer's turn: fragments of two messages must not mix. */
  #turn: Promise<void> = Promise.resolve();
  #wakeReader = (): void => undefined;
  #wakeWriter = (): void => undefined;

  /** `limit`: largest message taken, bytes. `openDatagrams`: see BoundLink. */
  constructor(
    channel: RawChannel,
    options: { path: Path; binding: Binding; limit: number; openDatagrams?: OpenDatagrams },
  ) {
    this.#channel = channel;
    this.path = options.path;
    this.binding = options.binding;
    this.openDatagrams = options.openDatagrams;
    this.#reader = new FragmentReader(options.limit);
  }

  /** A message of the channel arrived. */
  received(fragment: Uint8Array): void {
    if (this.#end !== undefined || this.#closed) return;
    this.#unread.push(fragment);
    this.#unreadBytes += fragment.length + OVERHEAD;
    if (this.#unreadBytes > MAX_UNREAD) this.#break(new LinkError("too-large", "more than anybody reads"));
    else if (fragment.length >= ANSWERED_FROM && this.#sending === 0) this.send(HEARD).catch(() => undefined);
    this.#wakeReader();
  }

  /** The channel has sent enough to take more. */
  hasRoom(): void {
    this.#wakeWriter();
  }

  /** The channel is closed; `failure` when that was no clean close. What has arrived can still be read. */
  ended(failure?: LinkError): void {
    this.#end ??= { failure };
    this.#wakeReader();
    this.#wakeWriter();
  }

  async receive(): Promise<Uint8Array | undefined> {
    for (;;) {
      const fragment = this.#next();
      if (fragment !== undefined) {
        const message = this.#read(fragment);
        if (message !== undefined && !isHeard(message)) return message;
        continue;
      }
      if (this.#end?.failure !== undefined) throw this.#end.failure;
      if (this.#end !== undefined && this.#reader.pending) throw new LinkError("reset", "ended inside a message");
      if (this.#end !== undefined || this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  get queuedBytes(): number {
    return this.#end === undefined ? this.#channel.bufferedAmount : 0;
  }

  send(message: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(this.#gone());
    this.#sending += 1;
    const sent = this.#turn.then(() => this.#write(message)).finally(() => (this.#sending -= 1));
    // The next one's turn comes however this one went; it finds out by itself.
    this.#turn = sent.catch(() => undefined);
    return sent;
  }

  get largest(): number {
    return this.#reader.limit;
  }

  limit(bytes: number): void {
    this.#reader.limit = bytes;
  }

  /** No raw bytes here: each piece travels as a message, and there is no half-close (section 13.4). */
  detach(): ByteStream {
    return messagesAsBytes(this);
  }

  async close(reason?: Error): Promise<void> {
    const again = this.#closed;
    this.#closed = true;
    this.#wakeReader();
    if (reason !== undefined) this.#break(new LinkError("closed", "the link is closed", { cause: reason }));
    if (again || this.#end !== undefined) {
      this.#channel.destroy();
      return;
    }
    await this.#channel.finish(this.#turn);
    this.ended();
  }

  #next(): Uint8Array | undefined {
    const fragment = this.#unread[this.#head];
    if (fragment === undefined) return undefined;
    this.#unreadBytes -= fragment.length + OVERHEAD;
    this.#head += 1;
    if (this.#head === this.#unread.length || this.#head === MOVE_EVERY) {
      this.#unread = this.#unread.slice(this.#head);
      this.#head = 0;
    }
    return fragment;
  }

  #read(fragment: Uint8Array): Uint8Array | undefined {
    try {
      return this.#reader.push(fragment);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      const code: LinkErrorCode = cause.code === "too-large" ? "too-large" : "malformed";
      const failure = new LinkError(code, cause.message, { cause });
      this.#break(failure);
      throw failure;
    }
  }

  async #write(message: Uint8Array): Promise<void> {
    for (const fragment of fragmentsOf(message)) {
      if (this.#end !== undefined) throw this.#gone();
      try {
        this.#channel.send(fragment);
      } catch (cause) {
        // Half a message may have left; nothing that follows would be understood.
        this.#break(new LinkError("reset", "the channel took no more", { cause }));
        throw this.#gone();
      }
      await this.#room();
    }
  }

  async #room(): Promise<void> {
    if (this.#channel.bufferedAmount <= WAIT_ABOVE) return;
    while (this.#end === undefined && this.#channel.bufferedAmount > GO_ON_BELOW) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  #gone(): LinkError {
    return this.#end?.failure ?? new LinkError("closed", "the link is closed");
  }

  #break(failure: LinkError): void {
    this.#end = { failure };
    this.#unread = [];
    this.#head = 0;
    this.#unreadBytes = 0;
    this.#wakeReader();
    this.#wakeWriter();
    this.#channel.destroy();
  }
}

function isHeard(message: Uint8Array): boolean {
  return message.length === HEARD.length && message.every((byte, i) => byte === HEARD[i]);
}
