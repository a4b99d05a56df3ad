import type { Millis } from "../machine.ts";

/** A party waits this long for the other, ms (docs/protocol/rendezvous.md, section 4.14). */
const WAIT = 30_000;
/** Characters of a uuid that are looked at; stock sends 36. */
const MAX_UUID = 128;

export interface PairingLimits {
  /** Parties waiting in all. */
  readonly waiting: number;
  /** … and from one address. */
  readonly waitingPerAddress: number;
}

/** What becomes of a party that arrived. */
export type Arrival<Party> =
  | { readonly type: "paired"; readonly first: Party }
  | { readonly type: "waiting" }
  | { readonly type: "refused"; readonly why: "bad-uuid" | "wrong-key" | "too-many" };

interface Waiting<Party> {
  readonly party: Party;
  readonly address: string;
  readonly until: Millis;
}

/**
 * The relay's matchmaker: two parties that show the same uuid belong together. A pair is taken out of the
 * table at once, so that a third arrival finds nobody to displace. Source: docs/protocol/rendezvous.md, section 4.14.
 */
export class Pairing<Party> {
  readonly #limits: PairingLimits;
  readonly #requiredKey: string | undefined;
  readonly #waiting = new Map<string, Waiting<Party>>();
  readonly #perAddress = new Map<string, number>();

  /** `requiredKey`: text every party has to show; undefined lets everybody in. */
  constructor(limits: PairingLimits, requiredKey: string | undefined) {
    this.#limits = limits;
    this.#requiredKey = requiredKey;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  arrived(request: { uuid: string; licenceKey: string }, party: Party, address: string, now: Millis): Arrival<Party> {
    const { uuid, licenceKey } = request;
    if (uuid === "" || uuid.length > MAX_UUID) return { type: "refused", why: "bad-uuid" };
    if (this.#requiredKey !== undefined && licenceKey !== this.#requiredKey)
      return { type: "refused", why: "wrong-key" };
    const first = this.#waiting.get(uuid);
    if (first !== undefined) {
      this.#remove(uuid, first);
      return { type: "paired", first: first.party };
    }
    const fromHere = this.#perAddress.get(address) ?? 0;
    if (this.#waiting.size >= this.#limits.waiting || fromHere >= this.#limits.waitingPerAddress) {
      return { type: "refused", why: "too-many" };
    }
    this.#waiting.set(uuid, { party, address, until: now + WAIT });
    this.#perAddress.set(address, fromHere + 1);
    return { type: "waiting" };
  }

  /** The party went away by itself. */
  left(uuid: string, party: Party): void {
    const entry = this.#waiting.get(uuid);
    if (entry?.party === party) this.#remove(uuid, entry);
  }

  /** Parties that have waited long enough; to be sent away. */
  expired(now: Millis): readonly Party[] {
    const lonely: Party[] = [];
    // In order of arrival, which is the order of expiry.
    for (const [uuid, entry] of this.#waiting) {
      if (entry.until > now) break;
      this.#remove(uuid, entry);
      lonely.push(entry.party);
    }
    return lonely;
  }

  #remove(uuid: string, entry: Waiting<Party>): void {
    this.#waiting.delete(uuid);
    const left = (this.#perAddress.get(entry.address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(entry.address, left);
    else this.#perAddress.delete(entry.address);
  }
}
