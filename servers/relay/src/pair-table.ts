import { Allowances, type Slot, sourceOf } from "@pulpit/protocol";
import { type Bandwidth, bytesPerSecond, IDLE_LIMIT, MAX_PAIRS } from "./config.ts";
import { Meter } from "./meter.ts";

/** One pair as an administrator sees it; speeds in kbit/s. */
export interface PairUsage {
  readonly first: string;
  readonly second: string;
  readonly transports: string;
  /** Seconds since it was joined. */
  readonly age: number;
  readonly bytes: number;
  readonly highest: number;
  readonly average: number;
  readonly current: number;
  readonly throttled: boolean;
}

/** Who is joined with whom. */
export interface PairFacts {
  readonly uuid: string;
  readonly first: string;
  readonly second: string;
  readonly transports: string;
}

/** Where a pair has its place: what is needed to carry it. */
export interface Place {
  readonly number: number;
  readonly meter: Meter;
}

interface Pair extends PairFacts {
  readonly meter: Meter;
  readonly own: Slot;
  /** Ends both connections. */
  part: () => void;
  readonly joinedAt: number;
  movedAt: number;
  /** At the last look. */
  bytes: number;
  highest: number;
  current: number;
  downgraded: boolean;
  throttled: boolean;
}

/** One slot for all, one for each pair, and one for each end's address. */
const SLOTS: number = 1 + 3 * MAX_PAIRS;

/** All pairs that are joined: what they have moved, and what they may. */
export class PairTable {
  readonly allowances: Allowances;
  /** Bytes moved so far, by number of the pair; whoever moves them writes here. */
  readonly progress: SharedArrayBuffer = new SharedArrayBuffer(MAX_PAIRS * Float64Array.BYTES_PER_ELEMENT);
  readonly #progress = new Float64Array(this.progress);
  readonly #pairs = new Map<number, Pair>();
  readonly #free: number[] = [];
  #used = 0;
  #ever = 0;
  /** Bytes of pairs that are over. */
  #bytesBefore = 0;
  readonly #bandwidth: Bandwidth;
  readonly #isThrottled: (address: string) => boolean;
  readonly #total: Slot;
  readonly #addresses = new Map<string, { readonly slot: Slot; pairs: number }>();

  constructor(bandwidth: Bandwidth, isThrottled: (address: string) => boolean, now: number) {
    this.#bandwidth = bandwidth;
    this.#isThrottled = isThrottled;
    this.allowances = new Allowances(SLOTS, now);
    this.#total = this.allowances.open(bytesPerSecond(bandwidth.total)) as Slot;
  }

  get size(): number {
    return this.#pairs.size;
  }

  get ever(): number {
    return this.#ever;
  }

  get throttled(): number {
    let count = 0;
    for (const pair of this.#pairs.values()) if (pair.throttled) count += 1;
    return count;
  }

  /** Payload of all pairs there ever were. */
  get bytes(): number {
    let sum = this.#bytesBefore;
    for (const number of this.#pairs.keys()) sum += this.#progress[number] as number;
    return sum;
  }

  /** Undefined when there is no room for one more. */
  join(facts: PairFacts, now: number): Place | undefined {
    const number = this.#free.pop() ?? (this.#used < MAX_PAIRS ? this.#used++ : undefined);
    const own = number === undefined ? undefined : this.allowances.open(bytesPerSecond(this.#bandwidth.single));
    if (number === undefined || own === undefined) return undefined;
    this.#progress[number] = 0;
    const addresses = [...new Set([sourceOf(facts.first), sourceOf(facts.second)])].flatMap((each) =>
      this.#slotOf(each),
    );
    const meter = new Meter(this.allowances, this.#progress, number, [own, this.#total, ...addresses]);
    const throttled = this.#isThrottled(facts.second) || this.#isThrottled(facts.first);
    const rest = { joinedAt: now, movedAt: now, bytes: 0, highest: 0, current: 0, downgraded: false, throttled };
    const pair: Pair = { ...facts, meter, own, part: () => undefined, ...rest };
    this.#pairs.set(number, pair);
    this.#ever += 1;
    this.#setRate(pair);
    return { number, meter };
  }

  /** How to end both connections of a pair. */
  onPart(number: number, part: () => void): void {
    const pair = this.#pairs.get(number);
    if (pair !== undefined) pair.part = part;
  }

  /** It is over. The uuid it was joined under, for those who come too late. */
  leave(number: number): string | undefined {
    const pair = this.#pairs.get(number);
    if (pair === undefined) return undefined;
    this.#pairs.delete(number);
    this.#bytesBefore += this.#progress[number] as number;
    this.#free.push(number);
    this.allowances.close(pair.own);
    for (const source of new Set([sourceOf(pair.first), sourceOf(pair.second)])) this.#release(source);
    pair.meter.wake();
    return pair.uuid;
  }

  /** Refills what may move. */
  refill(now: number): void {
    this.allowances.refill(now);
    for (const { meter } of this.#pairs.values()) meter.wake();
  }

  /** Once a second: who moves how much, who has gone silent, who has to be slowed down. */
  look(now: number): void {
    for (const [number, pair] of this.#pairs) {
      const bytes = this.#progress[number] as number;
      pair.current = bytes - pair.bytes;
      pair.highest = Math.max(pair.highest, pair.current);
      // Who has to wait for its allowance is not silent.
      if (bytes !== pair.bytes || !pair.meter.mayMove) pair.movedAt = now;
      pair.bytes = bytes;
      pair.throttled = this.#isThrottled(pair.second) || this.#isThrottled(pair.first);
      pair.downgraded ||= this.#isHeavy(pair, now);
      this.#setRate(pair);
      if (now - pair.movedAt >= IDLE_LIMIT) pair.part();
    }
  }

  /** Ends the pairs of these addresses; all of them when it is left out. */
  part(has: (address: string) => boolean = () => true): void {
    for (const pair of this.#pairs.values()) if (has(pair.first) || has(pair.second)) pair.part();
  }

  usage(now: number): readonly PairUsage[] {
    return [...this.#pairs].map(([number, { first, second, transports, joinedAt, highest, current, ...pair }]) => {
      const age = Math.max(1, now - joinedAt) / 1000;
      const bytes = this.#progress[number] as number;
      const kilobits = (perSecond: number): number => Math.round((perSecond * 8) / 1000);
      const speeds = { highest: kilobits(highest), average: kilobits(bytes / age), current: kilobits(current) };
      const throttled = pair.throttled || pair.downgraded;
      return { first, second, transports, age: Math.floor(age), bytes, ...speeds, throttled };
    });
  }

  #isHeavy({ joinedAt, bytes }: Pair, now: number): boolean {
    const { single, downgradeThreshold, downgradeAfter } = this.#bandwidth;
    const age = (now - joinedAt) / 1000;
    return age > downgradeAfter && bytes / age > bytesPerSecond(single) * downgradeThreshold;
  }

  #setRate({ own, throttled, downgraded }: Pair): void {
    const { single, limitSpeed } = this.#bandwidth;
    this.allowances.setRate(own, bytesPerSecond(throttled || downgraded ? limitSpeed : single));
  }

  #slotOf(source: string): readonly Slot[] {
    const { perAddress } = this.#bandwidth;
    if (perAddress === Number.POSITIVE_INFINITY) return [];
    const known = this.#addresses.get(source);
    if (known !== undefined) {
      known.pairs += 1;
      return [known.slot];
    }
    const slot = this.allowances.open(bytesPerSecond(perAddress));
    if (slot === undefined) return [];
    this.#addresses.set(source, { slot, pairs: 1 });
    return [slot];
  }

  #release(source: string): void {
    const known = this.#addresses.get(source);
    if (known === undefined) return;
    known.pairs -= 1;
    if (known.pairs > 0) return;
    this.allowances.close(known.slot);
    this.#addresses.delete(source);
  }
}
