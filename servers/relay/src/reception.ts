import { type Clock, LinkError } from "@pulpit/link";
import type { AddressList, OffenderLog } from "@pulpit/link-node";
import type { Pairing, Refusal } from "@pulpit/protocol";
import { WireError } from "@pulpit/wire";
import { FIRST_MESSAGE_WITHIN } from "./config.ts";
import type { DataPath } from "./data-path.ts";
import type { PairTable } from "./pair-table.ts";
import type { Party } from "./party.ts";

/** Why parties were sent away. */
export type RelayRefusal = Refusal | "blocked" | "no-room" | "draining" | "malformed";

/** A party that has shown its uuid, and how to say that its connection is over. */
export interface Arrived {
  readonly party: Party;
  readonly over: () => void;
}

/** What a reception works with. */
interface ReceptionWorld {
  readonly clock: Clock;
  readonly pairing: Pairing<Arrived>;
  readonly pairs: PairTable;
  readonly path: DataPath;
  readonly offenders: OffenderLog;
  readonly unixSeconds: () => number;
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

  /** Resolves when its connection is over, whatever became of it. */
  async serve(party: Party): Promise<void> {
    if (this.draining) return this.refuse(party, "draining");
    if (this.blocked.has(party.address)) return this.refuse(party, "blocked");
    const { clock } = this.#world;
    this.#alone.add(party);
    const cancel = clock.alarm(clock.now() + FIRST_MESSAGE_WITHIN, () => party.close());
    try {
      const request = await party.firstMessage();
      cancel();
      if (request === undefined) party.close();
      else await this.#arrived(party, request);
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof WireError)) throw error;
      // Who only breaks off breaks no rule.
      if (error instanceof LinkError && error.retryable) party.close();
      else this.refuse(party, "malformed");
    } finally {
      cancel();
      this.#alone.delete(party);
    }
  }

  refuse(party: Party, why: RelayRefusal): void {
    this.count(party.address, why);
    party.close();
  }

  count(address: string, why: RelayRefusal): void {
    this.#refused[why] = (this.#refused[why] ?? 0) + 1;
    this.#world.offenders.report("party refused", address, { why });
  }

  /** Those without a partner hang up. */
  sendAway(): void {
    for (const party of this.#alone) party.close();
  }

  async #arrived(party: Party, request: Parameters<Pairing<Arrived>["arrived"]>[0]): Promise<void> {
    const { clock, pairing, unixSeconds } = this.#world;
    const over = Promise.withResolvers<void>();
    const mine: Arrived = { party, over: over.resolve };
    const arrival = pairing.arrived(request, mine, party.address, clock.now(), unixSeconds());
    if (arrival.type === "refused") return this.refuse(party, arrival.why);
    if (arrival.type === "paired") this.#join(request.uuid, arrival.first, mine);
    else {
      party.onGone(() => {
        pairing.left(request.uuid, mine);
        over.resolve();
      });
    }
    await over.promise;
  }

  #join(uuid: string, first: Arrived, second: Arrived): void {
    const { clock, pairing, pairs, path } = this.#world;
    const parties = [first.party, second.party] as const;
    for (const party of parties) this.#alone.delete(party);
    const over = (): void => {
      pairing.parted(uuid, clock.now());
      first.over();
      second.over();
    };
    let part = (): void => undefined;
    const place = pairs.join(
      {
        uuid,
        first: first.party.address,
        second: second.party.address,
        transports: `${first.party.transport}-${second.party.transport}`,
        part: () => part(),
      },
      clock.now(),
    );
    if (place === undefined) {
      for (const party of parties) this.refuse(party, "no-room");
      over();
      return;
    }
    const ready = [first.party.ready(), second.party.ready()] as const;
    part = path.carry(place.number, place.meter, ...ready, () => {
      pairs.leave(place.number);
      over();
    });
  }
}
