import { type Link, LinkError } from "@pulpit/link";
import { NetworkList } from "@pulpit/protocol";
import type { Guests } from "./guests.ts";
import type { HostEvent } from "./options.ts";
import type { ListenDirect } from "./ports/direct-port.ts";

/** How this computer can be reached at its own address. */
export interface DirectAccessOptions {
  readonly port: number;
  /** Addresses and CIDR blocks from which somebody may come; from elsewhere nobody gets a word. */
  readonly networks: readonly string[];
  /** Let stock viewers in, which know no encryption here. Off unless the owner of the machine says so. */
  readonly unencrypted: boolean;
}

/**
 * The port of this computer for those who know its address and need no ID server.
 * Source: docs/protocol/rendezvous.md, section 4.17, and extensions.md, "2: direct-encrypted".
 */
export class DirectAccess {
  readonly #options: DirectAccessOptions;
  readonly #guests: Guests;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #networks: NetworkList;

  constructor(options: DirectAccessOptions, guests: Guests, onEvent: (event: HostEvent) => void) {
    this.#options = options;
    this.#guests = guests;
    this.#onEvent = onEvent;
    this.#networks = new NetworkList(options.networks);
  }

  /** Listens until the guests are closed. A port that can't be had is told, and everything else goes on. */
  async open(listen: ListenDirect): Promise<void> {
    const { signal } = this.#guests;
    try {
      const port = await listen(this.#options.port, (link, address) => this.#arrived(link, address));
      const close = (): void => void port.close();
      if (signal.aborted) return close();
      signal.addEventListener("abort", close, { once: true });
      this.#onEvent({ type: "directOpened", port: port.port });
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#onEvent({ type: "directFailed", why: error.message });
    }
  }

  #arrived(link: Link, address: string): void {
    if (!this.#networks.has(address)) {
      void link.close(new LinkError("refused"));
      this.#onEvent({ type: "viewerRefused", address, why: "foreign-network" });
      return;
    }
    const direct = this.#options.unencrypted ? "plaintext-too" : "encrypted-only";
    let isServed = false;
    this.#guests.receive({ address, forbidden: new Set(), direct }, async () => {
      isServed = true;
      return link;
    });
    // There was no room for it.
    if (!isServed) void link.close(new LinkError("refused"));
  }
}
