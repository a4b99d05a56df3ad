import type { Millis } from "../machine.ts";
import type { DeviceRecord, Endpoint } from "./device.ts";

/** A device not heard of for this long is offline, ms (docs/protocol/rendezvous.md, section 4.1). */
export const ONLINE_FOR = 30_000;

/** A device that has been heard of. */
export interface Present {
  readonly record: DeviceRecord;
  /** Where its datagrams come from. */
  readonly endpoint: Endpoint;
  readonly seen: Millis;
}

/** Who is where, since when. Bounded: beyond `limit` devices the one unheard of for longest is forgotten. */
export class Presence {
  readonly #limit: number;
  readonly #devices = new Map<string, Present>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#devices.size;
  }

  /** The device as last heard of, online or not. */
  get(id: string): Present | undefined {
    return this.#devices.get(id);
  }

  online(id: string, now: Millis): Present | undefined {
    const present = this.#devices.get(id);
    return present !== undefined && now - present.seen < ONLINE_FOR ? present : undefined;
  }

  heard(record: DeviceRecord, endpoint: Endpoint, now: Millis): void {
    // Re-inserted, so that the map stays in order of last sign of life.
    this.#devices.delete(record.id);
    this.#devices.set(record.id, { record, endpoint, seen: now });
    if (this.#devices.size > this.#limit) this.#devices.delete(this.#devices.keys().next().value as string);
  }
}
