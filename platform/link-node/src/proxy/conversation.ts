import type { Socket } from "node:net";
import { linkError } from "../from-errno.ts";
import { ProxyError } from "./proxy-error.ts";

/**
 * What is said with a proxy before bytes flow. Takes from the socket what belongs to the proxy and leaves everything
 * behind it where it is: the host at the far end may speak first.
 */
export class ProxyConversation {
  readonly #socket: Socket;
  #failure: Error | undefined;
  #changed = (): void => undefined;
  readonly #wake = (): void => this.#changed();
  readonly #fail = (error: Error): void => {
    this.#failure ??= error;
    this.#changed();
  };
  readonly #closed = (): void => this.#fail(new ProxyError("protocol", "hung up", { code: "reset" }));

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("readable", this.#wake);
    socket.on("end", this.#wake);
    socket.on("error", this.#fail);
    socket.on("close", this.#closed);
  }

  say(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Exactly `count` bytes. Rejects with LinkError when they don't come. */
  async take(count: number): Promise<Uint8Array> {
    for (;;) {
      const bytes = this.#socket.read(count) as Uint8Array | null;
      if (bytes?.length === count) return bytes;
      await this.#more();
    }
  }

  /** Everything up to and including the first empty line, at most `limit` bytes, as Latin-1. */
  async head(limit: number): Promise<string> {
    let read: Uint8Array = new Uint8Array(0);
    for (;;) {
      const chunk = this.#socket.read() as Uint8Array | null;
      if (chunk !== null) {
        const known = read.length;
        read = Buffer.concat([read, chunk]);
        // Three bytes back: the line may have ended with the last chunk.
        const end = Buffer.from(read.buffer, read.byteOffset, read.length).indexOf("\r\n\r\n", Math.max(0, known - 3));
        const length = end < 0 ? read.length : end + 4;
        if (length > limit) throw new ProxyError("protocol", "its answer is too long", { code: "too-large" });
        if (end >= 0) {
          if (length < read.length) this.#socket.unshift(read.subarray(length));
          return Buffer.from(read.subarray(0, end)).toString("latin1");
        }
      } else await this.#more();
    }
  }

  /** The conversation is over; whoever has the socket now hears of it alone. */
  [Symbol.dispose](): void {
    this.#socket.off("readable", this.#wake);
    this.#socket.off("end", this.#wake);
    this.#socket.off("error", this.#fail);
    this.#socket.off("close", this.#closed);
  }

  async #more(): Promise<void> {
    if (this.#failure !== undefined) throw linkError(this.#failure);
    if (this.#socket.readableEnded) throw new ProxyError("protocol", "hung up", { code: "reset" });
    await new Promise<void>((resolve) => {
      this.#changed = resolve;
    });
  }
}
