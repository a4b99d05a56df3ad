import type { Crypto } from "../crypto/crypto.ts";
import { constantTimeEqual } from "../crypto/password.ts";
import type { Millis } from "../machine.ts";
import { sourceOf } from "../rendezvous/budget.ts";
import { checkTicket } from "./ticket.ts";

/** A party waits this long for the other, ms (docs/protocol/rendezvous.md, section 4.14). */
const WAIT = 30_000;
/** Characters of a uuid that are looked at; stock sends 36. */
const MAX_UUID = 128;
/** A uuid that was used is good for nobody else for this long after its pair has parted, ms: tickets live as long. */
const USED_FOR = 150_000;
/** Used uuids remembered; beyond it the one of the oldest pair is forgotten. */
const MAX_USED = 20_000;

/** Whom a relay joins (docs/adr/0017-relay-policies.md). */
export type RelayPolicy =
  | { readonly type: "open" }
  /** Who shows the text of the server's public key. */
  | { readonly type: "key"; readonly text: string }
  /** Who shows a ticket of the ID server for the uuid. */
  | { readonly type: "ticket"; readonly crypto: Crypto; readonly serverPublicKey: Uint8Array };

export interface PairingLimits {
  /** Parties waiting in all. */
  readonly waiting: number;
  /** … and from one address (IPv6: from one network). */
  readonly waitingPerAddress: number;
}

/** What a party shows. */
export interface RelayRequest {
  readonly uuid: string;
  readonly licenceKey: string;
  readonly relayTicket: Uint8Array;
}

export type Refusal = "bad-uuid" | "wrong-key" | "no-ticket" | "uuid-in-use" | "too-many" | "too-many-of-address";

/** What becomes of a party that arrived. */
export type Arrival<Party> =
  | { readonly type: "paired"; readonly first: Party }
  | { readonly type: "waiting" }
  | { readonly type: "refused"; readonly why: Refusal };

interface Waiting<Party> {
  readonly party: Party;
  readonly source: string;
  readonly until: Millis;
}

/**
 * The relay's matchmaker: two parties that show the same uuid belong together, and nobody else belongs to them: a third
 * arrival is refused, also after the two have parted. Source: docs/protocol/rendezvous.md, section 4.14 and chapter 9,
 * row 12.
 */
export class Pairing<Party> {
  readonly #limits: PairingLimits;
  readonly #policy: RelayPolicy;
  readonly #waiting = new Map<string, Waiting<Party>>();
  readonly #perSource = new Map<string, number>();
  /** Uuids of pairs that live; as many as there are pairs. */
  readonly #living = new Set<string>();
  /** Uuids of pairs that have parted, until when they are good for nobody; in order of parting. */
  readonly #used = new Map<string, Millis>();

  constructor(limits: PairingLimits, policy: RelayPolicy) {
    this.#limits = limits;
    this.#policy = policy;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** `unixSeconds`: what the time is, for tickets. */
  arrived(request: RelayRequest, party: Party, address: string, now: Millis, unixSeconds: number): Arrival<Party> {
    const { uuid } = request;
    const why = this.#refusal(request, now, unixSeconds);
    if (why !== undefined) return { type: "refused", why };
    const first = this.#waiting.get(uuid);
    if (first !== undefined) {
      this.#remove(uuid, first);
      this.#living.add(uuid);
      return { type: "paired", first: first.party };
    }
    const source = sourceOf(address);
    const fromHere = this.#perSource.get(source) ?? 0;
    if (this.#waiting.size >= this.#limits.waiting) return { type: "refused", why: "too-many" };
    if (fromHere >= this.#limits.waitingPerAddress) return { type: "refused", why: "too-many-of-address" };
    this.#waiting.set(uuid, { party, source, until: now + WAIT });
    this.#perSource.set(source, fromHere + 1);
    return { type: "waiting" };
  }

  /** The party went away by itself while it waited. */
  left(uuid: string, party: Party): void {
    const entry = this.#waiting.get(uuid);
    if (entry?.party === party) this.#remove(uuid, entry);
  }

  /** The pair that was joined under this uuid is over. */
  parted(uuid: string, now: Millis): void {
    if (!this.#living.delete(uuid)) return;
    this.#used.delete(uuid);
    this.#used.set(uuid, now + USED_FOR);
    if (this.#used.size > MAX_USED) this.#used.delete(this.#used.keys().next().value as string);
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
    for (const [uuid, until] of this.#used) {
      if (until > now) break;
      this.#used.delete(uuid);
    }
    return lonely;
  }

  #refusal({ uuid, licenceKey, relayTicket }: RelayRequest, now: Millis, unixSeconds: number): Refusal | undefined {
    if (uuid === "" || uuid.length > MAX_UUID) return "bad-uuid";
    const policy = this.#policy;
    const encoder = new TextEncoder();
    if (policy.type === "key" && !constantTimeEqual(encoder.encode(licenceKey), encoder.encode(policy.text))) {
      return "wrong-key";
    }
    if (policy.type === "ticket") {
      const { crypto, serverPublicKey } = policy;
      if (!checkTicket(crypto, relayTicket, { uuid, serverPublicKey, now: unixSeconds })) return "no-ticket";
    }
    return this.#living.has(uuid) || (this.#used.get(uuid) ?? 0) > now ? "uuid-in-use" : undefined;
  }

  #remove(uuid: string, entry: Waiting<Party>): void {
    this.#waiting.delete(uuid);
    const left = (this.#perSource.get(entry.source) ?? 1) - 1;
    if (left > 0) this.#perSource.set(entry.source, left);
    else this.#perSource.delete(entry.source);
  }
}
