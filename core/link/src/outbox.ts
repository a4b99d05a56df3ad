import { LinkError } from "./errors.ts";
import type { Clock, Link } from "./link.ts";

/** Kinds of messages, most urgent first: what waits in an earlier lane leaves before anything in a later one. */
export const LANES = ["control", "cursor", "sound", "video", "files"] as const;
export type Lane = (typeof LANES)[number];

/** Bytes that may wait in all lanes together; a peer that lets more pile up has stopped reading. */
const MAX_QUEUED = 32 * 1024 * 1024;
/** A single write that takes longer than this ends the link, ms (docs/protocol/session.md, section 9.3). */
const STALL_LIMIT = 12_000;

/**
 * The bounded queue before a link: orders by lane, tells how much waits, never blocks who puts something in.
 * `failed` rejects when the link breaks, stalls or overflows; it never resolves.
 */
export class Outbox {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #lanes: Readonly<Record<Lane, { message: Uint8Array; left: () => void }[]>> = {
    control: [],
    cursor: [],
    sound: [],
    video: [],
    files: [],
  };
  readonly #failure = Promise.withResolvers<never>();
  #queued = 0;
  #sending = false;
  #broken = false;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    // Whoever drives the session awaits it; until then it must not count as unhandled.
    this.#failure.promise.catch(() => undefined);
  }

  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Bytes not yet taken by the transport: here and in the link. */
  get queuedBytes(): number {
    return this.#queued + this.#link.queuedBytes;
  }

  /** `left` is called when the link has taken the message and has room for more. */
  put(message: Uint8Array, lane: Lane, left: () => void = () => undefined): void {
    if (this.#broken) return;
    if (this.#queued + message.length > MAX_QUEUED) {
      this.#fail(new LinkError("timed-out", "the peer has stopped reading"));
      return;
    }
    this.#queued += message.length;
    this.#lanes[lane].push({ message, left });
    if (!this.#sending) void this.#drain();
  }

  /** Resolves when everything put so far has left, or when nothing can leave any more. */
  async drained(): Promise<void> {
    if (this.#broken || this.#queued === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.put(new Uint8Array(0), "files", resolve);
    await Promise.race([promise, this.failed.catch(() => undefined)]);
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    for (let next = this.#next(); next !== undefined && !this.#broken; next = this.#next()) {
      try {
        // An empty message is only the marker of `drained`.
        if (next.message.length > 0) await this.#send(next.message);
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#queued -= next.message.length;
      next.left();
    }
    this.#sending = false;
  }

  async #send(message: Uint8Array): Promise<void> {
    const stalled = Promise.withResolvers<never>();
    const cancel = this.#clock.alarm(this.#clock.now() + STALL_LIMIT, () =>
      stalled.reject(new LinkError("timed-out", "a write stalled")),
    );
    try {
      await Promise.race([this.#link.send(message), stalled.promise]);
    } finally {
      cancel();
    }
  }

  #next(): { message: Uint8Array; left: () => void } | undefined {
    for (const lane of LANES) {
      const item = this.#lanes[lane].shift();
      if (item !== undefined) return item;
    }
    return undefined;
  }

  #fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#failure.reject(error);
  }
}
