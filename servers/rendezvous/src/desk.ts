import { Broker, type BrokerEffect, type Endpoint, type Sender } from "@pulpit/protocol";
import type { Devices } from "@pulpit/store";
import type { ServerMessage, ServerMessageInit } from "@pulpit/wire";

/** How the desk reaches who is connected or listening. */
export interface Outlets {
  sendDatagram(to: Endpoint, message: ServerMessageInit): void;
  send(connection: number, message: ServerMessageInit): void;
  close(connection: number): void;
}

/** Where all ports of the ID server meet: brings the broker the facts it needs and does what it says. */
export class Desk {
  readonly #broker: Broker;
  readonly #devices: Devices;
  readonly #outlets: Outlets;
  readonly #now: () => number;

  constructor(options: { broker: Broker; devices: Devices; outlets: Outlets; now: () => number }) {
    this.#broker = options.broker;
    this.#devices = options.devices;
    this.#outlets = options.outlets;
    this.#now = options.now;
  }

  received(message: ServerMessage, from: Sender): void {
    const id = Broker.idOf(message);
    const known = id === undefined ? undefined : this.#devices.get(id);
    for (const effect of this.#broker.handle(message, from, known, this.#now())) this.#perform(effect);
  }

  #perform(effect: BrokerEffect): void {
    switch (effect.type) {
      case "sendDatagram":
        this.#outlets.sendDatagram(effect.to, effect.message);
        break;
      case "send":
        this.#outlets.send(effect.connection, effect.message);
        break;
      case "close":
        this.#outlets.close(effect.connection);
        break;
      case "remember":
        this.#devices.put(effect.record);
        break;
    }
  }
}
