import { type Link, LinkError } from "@pulpit/link";
import { decodeServerMessage, type RequestRelay } from "@pulpit/wire";
import { MAX_EARLY, MAX_FIRST_MESSAGE, MAX_MESSAGE } from "./config.ts";
import type { Party, Ready } from "./party.ts";

/** A party on a link of messages, such as a WebSocket. */
export class LinkParty implements Party {
  readonly transport = "websocket";
  readonly address: string;
  readonly #link: Link;
  /** Messages it sent before it had a partner. */
  readonly #early: Uint8Array[] = [];
  /** The receive that was begun while it waited; at most one may be under way. */
  #pending: Promise<Uint8Array | undefined> | undefined;
  #waits = true;

  constructor(link: Link, address: string) {
    this.#link = link;
    this.address = address;
  }

  async firstMessage(): Promise<RequestRelay | undefined> {
    this.#link.limit(MAX_FIRST_MESSAGE);
    const bytes = await this.#link.receive();
    // Not more than this before it has a partner: many may wait.
    this.#link.limit(MAX_EARLY);
    const message = bytes === undefined ? undefined : decodeServerMessage(bytes);
    return message?.case === "requestRelay" ? message.value : undefined;
  }

  onGone(gone: () => void): void {
    void this.#listen(gone);
  }

  /** Takes what comes, up to a bound, because only who listens hears that somebody leaves. */
  async #listen(gone: () => void): Promise<void> {
    let bytes = 0;
    while (this.#waits && bytes <= MAX_EARLY) {
      this.#pending = this.#link.receive();
      const message = await this.#pending.catch((error: unknown) => {
        if (error instanceof LinkError) return undefined;
        throw error;
      });
      // What arrives after it got a partner is the partner's, who waits for the same promise.
      if (!this.#waits) return;
      this.#pending = undefined;
      if (message === undefined) return gone();
      this.#early.push(message);
      bytes += message.length;
    }
  }

  ready(): Ready {
    this.#waits = false;
    this.#link.limit(MAX_MESSAGE);
    const link = this.#link;
    return {
      type: "websocket",
      link: {
        path: link.path,
        receive: () => {
          const early = this.#early.shift();
          if (early !== undefined) return Promise.resolve(early);
          const pending = this.#pending;
          this.#pending = undefined;
          return pending ?? link.receive();
        },
        get queuedBytes() {
          return link.queuedBytes;
        },
        send: (message) => link.send(message),
        limit: (bytes) => link.limit(bytes),
        detach: () => link.detach(),
        close: (reason) => link.close(reason),
      },
    };
  }

  close(): void {
    void this.#link.close();
  }
}
