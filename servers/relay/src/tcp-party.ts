import type { Socket } from "node:net";
import { LinkError } from "@pulpit/link";
import { linkError, plainAddress } from "@pulpit/link-node";
import { decodeServerMessage, FrameReader, type RequestRelay } from "@pulpit/wire";
import { MAX_EARLY, MAX_FIRST_MESSAGE } from "./config.ts";
import type { Party, Ready } from "./party.ts";

/** A party on TCP. Listens to its socket without promises in between: there may be ten thousand of them. */
export class TcpParty implements Party {
  readonly transport = "tcp";
  readonly address: string;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(MAX_FIRST_MESSAGE);
  readonly #first = Promise.withResolvers<RequestRelay | undefined>();
  #begun = false;
  #gone: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = plainAddress(socket.remoteAddress);
    socket.setNoDelay(true);
    socket.on("data", this.#onData);
    socket.on("error", this.#onError);
    socket.on("close", this.#onEnd);
    socket.on("end", this.#onEnd);
    // Whoever waits for it has left, when it fails after that.
    this.#first.promise.catch(() => undefined);
  }

  firstMessage(): Promise<RequestRelay | undefined> {
    return this.#first.promise;
  }

  onGone(gone: () => void): void {
    if (this.#socket.destroyed || this.#socket.readableEnded) gone();
    else this.#gone = gone;
  }

  ready(): Ready {
    const socket = this.#socket;
    socket.off("data", this.#onData);
    socket.off("close", this.#onEnd);
    socket.off("end", this.#onEnd);
    // An error without a listener ends the process; this one holds on to nothing.
    socket.off("error", this.#onError);
    socket.on("error", ignore);
    socket.pause();
    this.#gone = undefined;
    return { type: "tcp", socket, unread: this.#reader.rest() };
  }

  close(): void {
    this.#socket.destroy();
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.#reader.push(chunk);
    if (!this.#begun) this.#begin();
    if (this.#begun && this.#reader.buffered > MAX_EARLY) this.#socket.pause();
  };

  #begin(): void {
    try {
      const frame = this.#reader.next();
      if (frame === undefined) return;
      this.#begun = true;
      const message = decodeServerMessage(frame);
      this.#first.resolve(message.case === "requestRelay" ? message.value : undefined);
    } catch (error) {
      this.#begun = true;
      this.#first.reject(error);
    }
  }

  readonly #onError = (error: unknown): void => {
    this.#first.reject(linkError(error));
  };

  readonly #onEnd = (): void => {
    if (this.#reader.buffered > 0 && !this.#begun) this.#first.reject(new LinkError("reset", "ended inside a frame"));
    else this.#first.resolve(undefined);
    const gone = this.#gone;
    this.#gone = undefined;
    gone?.();
  };
}

/** What follows an error is `close`, which is listened to. */
function ignore(): void {}
