/**
 * Attempts to reach one address at a time. The ID server names it and may lie, and each attempt sends a hundred packets
 * there; of the viewers of one office, those beyond it come by the relay.
 */
const MAX_AT_ONE_ADDRESS = 8;

/** Bounds what a flood of calls makes this host send to one address (docs/protocol/rendezvous.md, section 9). */
export class Knocks {
  readonly #under = new Map<string, number>();

  /** Begins an attempt; call what it gives when the attempt is over. Undefined: there are enough for now. */
  at(address: string): (() => void) | undefined {
    const count = this.#under.get(address) ?? 0;
    if (count >= MAX_AT_ONE_ADDRESS) return undefined;
    this.#under.set(address, count + 1);
    return () => {
      const left = (this.#under.get(address) ?? 1) - 1;
      if (left === 0) this.#under.delete(address);
      else this.#under.set(address, left);
    };
  }
}
