import type { Clock, Link } from "@pulpit/link";
import type { Endpoint, Sender } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { IDLE_LIMIT, MAX_CONNECTIONS, MAX_CONNECTIONS_PER_ADDRESS, MAX_MESSAGE } from "./config.ts";

/** Who speaks on a stream connection. */
type Talker = Sender & { readonly type: "stream" };

/** Open stream connections, by number; bounded in all and per address. */
export class Connections {
  readonly #clock: Clock;
  readonly #links = new Map<number, Link>();
  readonly #perAddress = new Map<string, number>();
  readonly #received: (message: ServerMessage, from: Talker) => void;
  #next = 1;
  #syntheticPort = 0;

  constructor(clock: Clock, received: (message: ServerMessage, from: Talker) => void) {
    this.#clock = clock;
    this.#received = received;
  }

  get size(): number {
    return this.#links.size;
  }

  /**
   * Serves a connection until it ends. `endpoint`: its address; port 0 gets one made up for it alone, as
   * behind a WebSocket the real one says nothing (docs/protocol/rendezvous.md, section 4.10).
   */
  async serve(link: Link, endpoint: Endpoint): Promise<void> {
    const count = this.#perAddress.get(endpoint.host) ?? 0;
    if (this.#links.size >= MAX_CONNECTIONS || count >= MAX_CONNECTIONS_PER_ADDRESS) {
      await link.close();
      return;
    }
    const connection = this.#next++;
    const relayOnly = endpoint.port === 0;
    const known = relayOnly ? { host: endpoint.host, port: this.#madeUpPort() } : endpoint;
    this.#links.set(connection, link);
    this.#perAddress.set(endpoint.host, count + 1);
    link.limit(MAX_MESSAGE);
    try {
      await this.#conversation(link, { type: "stream", connection, endpoint: known, relayOnly });
    } finally {
      this.#links.delete(connection);
      const left = (this.#perAddress.get(endpoint.host) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(endpoint.host, left);
      else this.#perAddress.delete(endpoint.host);
      await link.close();
    }
  }

  send(connection: number, message: ServerMessageInit): void {
    const link = this.#links.get(connection);
    // A viewer that has gone meanwhile is no error; one whose link breaks ends its own conversation.
    link?.send(encodeServerMessage(message)).catch(() => link.close());
  }

  close(connection: number): void {
    void this.#links.get(connection)?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.close()));
  }

  async #conversation(link: Link, from: Talker): Promise<void> {
    for (;;) {
      const cancel = this.#clock.alarm(this.#clock.now() + IDLE_LIMIT, () => void link.close());
      try {
        const message = await link.receive();
        if (message === undefined) return;
        if (message.length > 0) this.#received(decodeServerMessage(message), from);
      } finally {
        cancel();
      }
    }
  }

  #madeUpPort(): number {
    this.#syntheticPort = (this.#syntheticPort % 65_535) + 1;
    return this.#syntheticPort;
  }
}
