import type { Millis } from "../machine.ts";
import type { Endpoint } from "./device.ts";

/** Devices that have no place in a row, with an ID longer than any server gives or an address that needs a zone. */
const MAX_OTHERS = 10_000;
/** Looked at for one that may go, when there is no room. */
const LOOK_AT = 64;

export interface OtherDevice {
  readonly endpoint: Endpoint;
  readonly connection: number;
  seen: Millis;
  told: boolean;
}

/** The few devices that are unlike the others; the same rules, in objects. */
export class OtherDevices {
  readonly #limit: number;
  readonly #devices = new Map<string, OtherDevice>();

  constructor(limit: number) {
    this.#limit = Math.min(limit, MAX_OTHERS);
  }

  get size(): number {
    return this.#devices.size;
  }

  get(id: string): OtherDevice | undefined {
    return this.#devices.get(id);
  }

  values(): Iterable<OtherDevice> {
    return this.#devices.values();
  }

  /** False when there is no room. `isOnline`: who may not be made to go. */
  put(id: string, device: OtherDevice, isOnline: (device: OtherDevice) => boolean): boolean {
    if (!this.#devices.has(id) && this.#devices.size >= this.#limit && !this.#makeRoom(isOnline)) return false;
    this.#devices.set(id, device);
    return true;
  }

  delete(id: string): void {
    this.#devices.delete(id);
  }

  /** Those looked at and kept move to the end, so that all of them get their turn. */
  #makeRoom(isOnline: (device: OtherDevice) => boolean): boolean {
    let looks = 0;
    for (const [id, device] of this.#devices) {
      if (looks++ >= LOOK_AT) return false;
      this.#devices.delete(id);
      if (!isOnline(device)) return true;
      this.#devices.set(id, device);
    }
    return false;
  }
}
