import type { Clock, Link } from "@pulpit/link";
import { type Endpoint, type Sender, sourceOf } from "@pulpit/protocol";
import type { ServerMessage, ServerMessageInit } from "@pulpit/wire";
import { CROWDED, MAX_CONNECTIONS, MAX_MESSAGE } from "./config.ts";
import { Conversation, type KeyOffer } from "./conversation.ts";

/** Who speaks on a stream connection. */
type Talker = Sender & { readonly type: "stream" };

/** What is done with what comes in. */
export interface Reception {
  received(message: ServerMessage, from: Talker): void;
  disconnected(connection: number): void;
  /** There is no room for one more. */
  refused(from: Endpoint, why: "too many connections" | "too many connections of one address"): void;
}

export interface ConnectionLimits {
  readonly perAddress: number;
  /** Connections that stay. */
  readonly kept: number;
}

/** Open stream connections, by number; bounded in all and per address. */
export class Connections {
  readonly #clock: Clock;
  readonly #open = new Map<number, Conversation>();
  readonly #kept = new Set<number>();
  readonly #perAddress = new Map<string, number>();
  readonly #reception: Reception;
  readonly #madeUpPorts = new Set<string>();
  readonly #limits: ConnectionLimits;
  #next = 1;
  #port = 0;

  constructor(clock: Clock, reception: Reception, limits: ConnectionLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#reception = reception;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Serves a connection until it ends. `endpoint`: its address; port 0 gets one made up for it alone, as
   * behind a WebSocket the real one says nothing (docs/protocol/rendezvous.md, section 4.10).
   * `offer`: encryption, for clients that wait for it.
   */
  async serve(link: Link, endpoint: Endpoint, offer?: KeyOffer): Promise<void> {
    const { host } = endpoint;
    const source = sourceOf(host);
    const why = this.#refusal(source);
    if (why !== undefined) {
      this.#reception.refused(endpoint, why);
      await link.close();
      return;
    }
    // Numbers are 32 bits where many devices are listed; 0 stands for none.
    this.#next = (this.#next % 0xffff_ffff) + 1;
    const connection = this.#next;
    const relayOnly = endpoint.port === 0;
    const known = relayOnly ? { host, port: this.#madeUpPort(host) } : endpoint;
    const conversation = new Conversation(link, this.#clock);
    this.#open.set(connection, conversation);
    this.#perAddress.set(source, (this.#perAddress.get(source) ?? 0) + 1);
    link.limit(MAX_MESSAGE);
    const from: Talker = { type: "stream", connection, endpoint: known, relayOnly };
    try {
      await conversation.run((message) => {
        // Before it is registered: a device that is turned away afterwards would come again and again.
        if (this.#hasNoPlaceFor(message, connection)) void conversation.close();
        else this.#reception.received(message, from);
      }, offer);
    } finally {
      this.#open.delete(connection);
      this.#kept.delete(connection);
      if (relayOnly) this.#madeUpPorts.delete(`${host} ${known.port}`);
      const left = (this.#perAddress.get(source) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(source, left);
      else this.#perAddress.delete(source);
      this.#reception.disconnected(connection);
      await conversation.close();
    }
  }

  send(connection: number, message: ServerMessageInit): void {
    this.#open.get(connection)?.send(message);
  }

  keep(connection: number): void {
    const conversation = this.#open.get(connection);
    if (conversation === undefined) return;
    this.#kept.add(connection);
    conversation.keep();
  }

  close(connection: number): void {
    void this.#open.get(connection)?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map((conversation) => conversation.close()));
  }

  #hasNoPlaceFor(message: ServerMessage, connection: number): boolean {
    const wantsToStay = message.case === "hc" || (message.case === "registerPk" && message.value.oldId === "");
    return wantsToStay && !this.#kept.has(connection) && this.#kept.size >= this.#limits.kept;
  }

  #refusal(source: string): "too many connections" | "too many connections of one address" | undefined {
    if (this.#open.size >= MAX_CONNECTIONS) return "too many connections";
    const limit = this.#limits.perAddress / (this.#open.size >= MAX_CONNECTIONS * CROWDED ? 10 : 1);
    return (this.#perAddress.get(source) ?? 0) >= limit ? "too many connections of one address" : undefined;
  }

  /** No two connections of one address have the same: answers would reach the wrong viewer (chapter 9, row 13). */
  #madeUpPort(host: string): number {
    do this.#port = (this.#port % 65_535) + 1;
    while (this.#madeUpPorts.has(`${host} ${this.#port}`));
    this.#madeUpPorts.add(`${host} ${this.#port}`);
    return this.#port;
  }
}
