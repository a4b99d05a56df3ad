import type { OffenderLog } from "@pulpit/link-node";
import type { Broker, BrokerEffect, DeviceRecord, Endpoint, Sender } from "@pulpit/protocol";
import type { Devices, Wishes } from "@pulpit/store";
import type { ServerMessage, ServerMessageInit } from "@pulpit/wire";

/** How the desk reaches who is connected or listening. */
export interface Outlets {
  sendDatagram(to: Endpoint, message: ServerMessageInit): void;
  send(connection: number, message: ServerMessageInit): void;
  keep(connection: number): void;
  close(connection: number): void;
}

/** Where all ports of the ID server meet: hands what comes in to the broker and does what it says. */
export class Desk {
  readonly #broker: Broker;
  readonly #devices: Devices;
  readonly #wishes: Wishes;
  readonly #outlets: Outlets;
  readonly #now: () => number;
  readonly #log: OffenderLog;
  #failedWrites = 0;

  constructor(options: {
    readonly broker: Broker;
    readonly devices: Devices;
    readonly wishes: Wishes;
    readonly outlets: Outlets;
    readonly now: () => number;
    readonly log: OffenderLog;
  }) {
    this.#broker = options.broker;
    this.#devices = options.devices;
    this.#wishes = options.wishes;
    this.#outlets = options.outlets;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** Writes that the database refused, since the start. */
  get failedWrites(): number {
    return this.#failedWrites;
  }

  received(message: ServerMessage, from: Sender): void {
    try {
      for (const effect of this.#broker.handle(message, from, this.#now())) this.#perform(effect);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      // Nothing is said to have been done that is not stored: whoever asked asks again.
      this.#failedWrites += 1;
      this.#log.report("the database refused", error.code, { code: error.code });
      if (from.type === "stream") this.#outlets.close(from.connection);
    }
  }

  #perform(effect: BrokerEffect): void {
    switch (effect.type) {
      case "sendDatagram":
        this.#outlets.sendDatagram(effect.to, effect.message);
        break;
      case "send":
        this.#outlets.send(effect.connection, effect.message);
        break;
      case "keep":
        this.#outlets.keep(effect.connection);
        break;
      case "close":
        this.#outlets.close(effect.connection);
        break;
      case "remember":
        this.#remember(effect.record);
        break;
      case "rename":
        this.#devices.rename(effect.from, effect.to);
        break;
      case "ask":
        this.#wishes.put(effect.wish, effect.record);
        break;
    }
  }

  #remember(record: DeviceRecord): void {
    try {
      this.#devices.put(record);
    } catch (error) {
      // Nor is it online: the next server to start would know nothing of it.
      this.#broker.presence.forget(record.id);
      throw error;
    }
  }
}

/** What node:sqlite throws: a full disk, a locked or damaged database. */
function isStoreError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error && "code" in error && (error.code === "ERR_SQLITE_ERROR" || error.name === "StoreError")
  );
}
