import { nodeCrypto } from "@pulpit/crypto-node";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { Broker, type Sender } from "../src/rendezvous/broker.ts";
import type { BrokerEffect } from "../src/rendezvous/broker-effects.ts";
import type { BrokerOptions } from "../src/rendezvous/broker-options.ts";
import type { DeviceRecord, Endpoint } from "../src/rendezvous/device.ts";

export const crypto = nodeCrypto();
export const bytes = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);
export const serverKeys = crypto.signKeyPair(bytes(1));
export const hostKeys = crypto.signKeyPair(bytes(70));
export const ID = "123456789";
export const KEY = "the server's key as text";
export const RELAY = "relay.example:21117";
export const HOST: Endpoint = { host: "203.0.113.7", port: 50_000 };
export const VIEWER: Endpoint = { host: "198.51.100.2", port: 40_000 };

/** A message as it is after it was on the wire. */
export const wire = (message: ServerMessageInit): ServerMessage => decodeServerMessage(encodeServerMessage(message));

export const onStream = (endpoint: Endpoint, connection: number, relayOnly = false): Sender => ({
  type: "stream",
  connection,
  endpoint,
  relayOnly,
});

/** An ID server without sockets: what it stores is in `stored`, what it wants done is given back. */
export class IdServer {
  readonly stored = new Map<string, DeviceRecord>();
  readonly asked: { readonly wish: string; readonly record: DeviceRecord }[] = [];
  readonly #options: Partial<BrokerOptions>;
  broker: Broker;

  constructor(options: Partial<BrokerOptions> = {}) {
    this.#options = options;
    this.broker = this.#newBroker();
  }

  /** The server forgets who is where; what is stored stays. */
  restart(): void {
    this.broker = this.#newBroker();
  }

  #newBroker(): Broker {
    return new Broker({
      crypto,
      secretKey: serverKeys.secretKey,
      directory: this.stored,
      requiredKey: KEY,
      relays: { next: () => RELAY, has: (relay) => relay === RELAY },
      foreignRelays: false,
      answersFromAnywhere: false,
      alwaysRelay: false,
      hideUnknown: false,
      update: { serial: 0, servers: [] },
      software: undefined,
      newIdsPerDay: 300,
      enrolment: "open",
      keyChange: "approval",
      ticketFor: (uuid) => new TextEncoder().encode(`ticket for ${uuid}`),
      presenceKey: [1, 2],
      limits: { devices: 10, waitingViewers: 10 },
      ...this.#options,
    });
  }

  /** Everything that comes of a message, in order. */
  handle(message: ServerMessageInit, from: Sender | Endpoint, now = 1000): readonly BrokerEffect[] {
    const encoded = encodeServerMessage(message);
    const sender: Sender = "type" in from ? from : { type: "datagram", endpoint: from, bytes: encoded.length };
    const effects = this.broker.handle(decodeServerMessage(encoded), sender, now);
    for (const effect of effects) {
      if (effect.type === "remember") this.stored.set(effect.record.id, effect.record);
      if (effect.type === "ask") this.asked.push(effect);
      if (effect.type === "rename") {
        const record = this.stored.get(effect.from);
        this.stored.delete(effect.from);
        if (record !== undefined) this.stored.set(effect.to, { ...record, id: effect.to });
      }
    }
    return effects;
  }

  /** Messages it sends, by whatever way. */
  answers(message: ServerMessageInit, from: Sender | Endpoint, now = 1000): readonly ServerMessage[] {
    return sentIn(this.handle(message, from, now));
  }

  /** The host of these tests registers; the result it is told. */
  register(from: Sender | Endpoint = HOST, now = 1000, value: object = {}): number | undefined {
    const request = { id: ID, uuid: bytes(9, 16), pk: hostKeys.publicKey, ...value };
    const answer = this.answers({ case: "registerPk", value: request }, from, now).find(
      (sent) => sent.case === "registerPkResponse",
    );
    return answer?.case === "registerPkResponse" ? answer.value.result : undefined;
  }
}

export function sentIn(effects: readonly BrokerEffect[]): readonly ServerMessage[] {
  return effects.flatMap((effect) =>
    effect.type === "send" || effect.type === "sendDatagram" ? [wire(effect.message)] : [],
  );
}

/** What the viewer on connection 1 gets. */
export function told(effects: readonly BrokerEffect[]): ServerMessage | undefined {
  return sentIn(effects.filter((effect) => effect.type === "send" && effect.connection === 1))[0];
}
