import { LinkError } from "./errors.ts";
import type { ByteStream, Link, Path } from "./link.ts";
import { messagesAsBytes } from "./messages-as-bytes.ts";

/** What is as large as this, bytes, waits for a move that is under way: behind it the last message would come late. */
const WORTH_WAITING = 4096;

/** What a message is to the one who arranges the move: one of the session's, news of the arrangement, or the last here. */
export type Meaning = "message" | "news" | "moved";

/**
 * A link that may go on over another one, each direction by itself and without a gap: the last message on the first link
 * says that the next one comes on the second. Who reads and writes notices nothing.
 */
export class MovingLink implements Link {
  readonly path: Path;
  readonly #first: Link;
  #understand: (message: Uint8Array) => Meaning;
  readonly #second = Promise.withResolvers<Link>();
  /** Where the next message is sent. */
  #outgoing: Link;
  #incoming: Link;
  #limit: number | undefined;
  #closed = false;
  /** It has been decided that there will be no second link. */
  #stays = false;
  /** While something large would wait, and what else came after it. */
  #hold: PromiseWithResolvers<void> | undefined;
  #heldBytes = 0;

  /** `understand`: called with each message of the first link, in order. */
  constructor(first: Link, understand: (message: Uint8Array) => Meaning) {
    this.path = first.path;
    this.#first = first;
    this.#understand = understand;
    this.#outgoing = first;
    this.#incoming = first;
    // Only who waits for it wants to know.
    this.#second.promise.catch(() => undefined);
  }

  /** From here on everything is sent on `second`; `last` tells the other end so. */
  move(second: Link, last: Uint8Array): void {
    if (this.#stays) {
      void second.close(new LinkError("closed", "the link stays where it is"));
      return;
    }
    // A link that breaks is found out by whoever uses it.
    this.#first.send(last).catch(() => undefined);
    if (this.#limit !== undefined) second.limit(this.#limit);
    this.#outgoing = second;
    this.#second.resolve(second);
    this.release();
  }

  /** There will be no second link. */
  stay(why: LinkError): void {
    this.#stays = true;
    this.#second.reject(why);
    this.release();
  }

  /** A move has begun: what is large waits for it, until it is over or `release`. */
  hold(): void {
    const hold = Promise.withResolvers<void>();
    // The first of those who wait for it: whoever sends afterwards comes after them.
    void hold.promise.then(() => {
      this.#hold = undefined;
    });
    this.#hold = hold;
  }

  release(): void {
    this.#hold?.resolve();
  }

  async receive(): Promise<Uint8Array | undefined> {
    while (this.#incoming === this.#first) {
      const message = await this.#first.receive();
      if (message === undefined) return undefined;
      const meaning = this.#understand(message);
      if (meaning === "message") return message;
      if (meaning === "moved" && !(await this.#follow())) return undefined;
    }
    return this.#incoming.receive();
  }

  get queuedBytes(): number {
    const second = this.#outgoing === this.#first ? 0 : this.#outgoing.queuedBytes;
    return this.#first.queuedBytes + second + this.#heldBytes;
  }

  send(message: Uint8Array): Promise<void> {
    const hold = this.#hold;
    const isHeld = hold !== undefined && (message.length >= WORTH_WAITING || this.#heldBytes > 0);
    if (!isHeld || this.#closed) return this.#outgoing.send(message);
    // An empty message counts as well: what comes after it must not overtake it.
    const weight = Math.max(1, message.length);
    this.#heldBytes += weight;
    return hold.promise.then(() => {
      this.#heldBytes -= weight;
      return this.#outgoing.send(message);
    });
  }

  limit(bytes: number): void {
    this.#limit = bytes;
    this.#first.limit(bytes);
    if (this.#outgoing !== this.#first) this.#outgoing.limit(bytes);
  }

  /** A link that has not moved by then stays: among bytes of strangers nothing can be understood. */
  detach(): ByteStream {
    if (this.#outgoing === this.#first && this.#incoming === this.#first) {
      this.stay(new LinkError("closed", "the link is detached"));
      this.#understand = () => "message";
    }
    return messagesAsBytes(this);
  }

  async close(reason?: Error): Promise<void> {
    // What waits leaves before the end does.
    this.release();
    await this.#hold?.promise;
    this.#closed = true;
    this.stay(new LinkError("closed", "the link is closed"));
    const second = this.#outgoing === this.#first ? undefined : this.#outgoing.close(reason);
    await Promise.all([second, this.#first.close(reason)]);
  }

  /** Reading goes on at the second link; false when we have closed. */
  async #follow(): Promise<boolean> {
    try {
      this.#incoming = await this.#second.promise;
      return true;
    } catch (error) {
      if (this.#closed) return false;
      throw error;
    }
  }
}
