import { type Clock, LinkError } from "@pulpit/link";
import type { AddressList, OffenderLog } from "@pulpit/link-node";
import type { Pairing, Refusal } from "@pulpit/protocol";
import { type RequestRelay, WireError } from "@pulpit/wire";
import { FIRST_MESSAGE_WITHIN } from "./config.ts";
import type { DataPath } from "./data-path.ts";
import type { PairTable } from "./pair-table.ts";
import type { Party } from "./party.ts";

/** Why parties were sent away. */
export type RelayRefusal = Refusal | "blocked" | "no-room" | "draining" | "malformed";

/** A party that has shown its uuid, and who wants to know when its connection is over. */
export interface Arrived {
  readonly party: Party;
  readonly over: () => void;
}

const nobody = (): void => undefined;

/** What a reception works with. */
interface ReceptionWorld {
  readonly clock: Clock;
  readonly pairing: Pairing<Arrived>;
  readonly pairs: PairTable;
  readonly path: DataPath;
  readonly offenders: OffenderLog;
  readonly unixSeconds: () => number;
  /** There is a pair. */
  readonly joined: () => void;
}

/** Takes parties from their first byte to their last, and brings those together that belong together. */
export class Reception {
  readonly #world: ReceptionWorld;
  /** Parties without a partner. */
  readonly #alone = new Set<Party>();
  readonly #refused: Partial<Record<RelayRefusal, number>> = {};
  blocked: AddressList;
  draining = false;

  constructor(world: ReceptionWorld, blocked: AddressList) {
    this.#world = world;
    this.blocked = blocked;
  }

  get size(): number {
    return this.#alone.size;
  }

  get refused(): Readonly<Partial<Record<RelayRefusal, number>>> {
    return this.#refused;
  }

  /**
   * Resolves when it waits, has a partner or was sent away; `over` is called once, when its connection has ended.
   * Nothing here lives as long as a pair: there may be ten thousand of them.
   */
  async serve(party: Party, over: () => void = nobody): Promise<void> {
    const why = this.draining ? "draining" : this.blocked.has(party.address) ? "blocked" : undefined;
    if (why !== undefined) return this.#end(party, over, why);
    const { clock } = this.#world;
    this.#alone.add(party);
    const cancel = clock.alarm(clock.now() + FIRST_MESSAGE_WITHIN, () => party.close());
    try {
      const request = await party.firstMessage();
      cancel();
      if (request === undefined) this.#end(party, over);
      else this.#arrived({ party, over }, request);
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof WireError)) throw error;
      // Who only breaks off breaks no rule.
      this.#end(party, over, error instanceof LinkError && error.retryable ? undefined : "malformed");
    } finally {
      cancel();
    }
  }

  /** `why`: undefined for who broke no rule. */
  #end(party: Party, over: () => void, why?: RelayRefusal): void {
    this.#alone.delete(party);
    if (why !== undefined) this.count(party.address, why);
    party.close();
    over();
  }

  count(address: string, why: RelayRefusal): void {
    this.#refused[why] = (this.#refused[why] ?? 0) + 1;
    this.#world.offenders.report("party refused", address, { why });
  }

  /** Those who have waited long enough are sent away. */
  sweep(): void {
    const { clock, pairing } = this.#world;
    for (const { party, over } of pairing.expired(clock.now())) this.#end(party, over);
  }

  /** Those without a partner hang up. */
  sendAway(): void {
    for (const party of this.#alone) party.close();
  }

  #arrived(mine: Arrived, request: RequestRelay): void {
    const { clock, pairing, unixSeconds } = this.#world;
    const { party, over } = mine;
    const arrival = pairing.arrived(request, mine, party.address, clock.now(), unixSeconds());
    if (arrival.type === "refused") this.#end(party, over, arrival.why);
    else if (arrival.type === "paired") this.#join(request.uuid, arrival.first, mine);
    else {
      party.onGone(() => {
        pairing.left(request.uuid, mine);
        this.#end(party, over);
      });
    }
  }

  #join(uuid: string, first: Arrived, second: Arrived): void {
    const { clock, pairs, path } = this.#world;
    for (const { party } of [first, second]) this.#alone.delete(party);
    const facts = {
      uuid,
      first: first.party.address,
      second: second.party.address,
      transports: `${first.party.transport}-${second.party.transport}`,
    };
    const place = pairs.join(facts, clock.now());
    if (place === undefined) {
      this.#world.pairing.parted(uuid, clock.now());
      for (const { party, over } of [first, second]) this.#end(party, over, "no-room");
      return;
    }
    this.#world.joined();
    const over = this.#whenOver(place.number, first.over, second.over);
    pairs.onPart(place.number, path.carry(place, first.party.ready(), second.party.ready(), over));
  }

  /** A function of its own, so that it holds on to nothing else of the two. */
  #whenOver(pair: number, first: () => void, second: () => void): () => void {
    return () => {
      const { clock, pairing, pairs } = this.#world;
      const uuid = pairs.leave(pair);
      if (uuid !== undefined) pairing.parted(uuid, clock.now());
      first();
      second();
    };
  }
}
