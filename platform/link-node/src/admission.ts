import { sourceOf } from "@pulpit/protocol";

/** Why somebody is not let in: there is no room at all, or none for this address. */
export type NoRoom = "full" | "address-full";

/** Counts who is in, all together and by address (IPv6: by /64). */
export class Admission {
  readonly #limits: { readonly all: number; readonly perAddress: number };
  readonly #counts = new Map<string, number>();
  #size = 0;

  constructor(limits: { readonly all: number; readonly perAddress: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Who comes in has to `leave` with the same address. A proxy is many clients: undefined counts for nobody. */
  enter(address: string | undefined): "entered" | NoRoom {
    if (this.#size >= this.#limits.all) return "full";
    if (address !== undefined) {
      const source = sourceOf(address);
      const count = this.#counts.get(source) ?? 0;
      if (count >= this.#limits.perAddress) return "address-full";
      this.#counts.set(source, count + 1);
    }
    this.#size += 1;
    return "entered";
  }

  leave(address: string | undefined): void {
    this.#size -= 1;
    if (address === undefined) return;
    const source = sourceOf(address);
    const count = (this.#counts.get(source) ?? 0) - 1;
    if (count > 0) this.#counts.set(source, count);
    else this.#counts.delete(source);
  }
}
