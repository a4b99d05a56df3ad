import { after } from "node:test";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Clock, type Link, memoryLinks } from "@pulpit/link";
import { nodeClock } from "@pulpit/link-node";
import type { KeyPair, Permission } from "@pulpit/protocol";
import type { Guest } from "../src/guests.ts";
import type { HostEvent } from "../src/options.ts";
import type { HostPolicy } from "../src/reception/policy.ts";
import { type AttemptCounters, Reception } from "../src/reception/reception.ts";
import { type HostShared, serve, type VisitEnd } from "../src/session.ts";
import { MemorySecrets } from "./memory-secrets.ts";
import { policyOf } from "./policy.ts";
import { recordingDesktop } from "./recording-desktop.ts";

export const crypto = nodeCrypto();
export const random = nodeRandom();
const over = new AbortController();
// A test that failed half-way must not wait for its visits to fall silent.
after(() => over.abort());
export const ID = "123456789";
export const SALT = "salt";
/** Where visitors come from unless said otherwise. */
export const ADDRESS = "192.0.2.1";

export interface WorldOptions {
  readonly policy?: Partial<HostPolicy>;
  readonly allowPlaintext?: boolean;
  readonly clock?: Clock;
  readonly secrets?: MemorySecrets;
  readonly counters?: AttemptCounters;
}

export interface World {
  readonly shared: HostShared;
  readonly reception: Reception;
  readonly secrets: MemorySecrets;
  readonly clock: Clock;
  readonly identity: KeyPair;
  /** Input that reached the desktop. */
  readonly done: string[];
  /** Picture streams that were opened. */
  readonly shown: string[];
  readonly events: HostEvent[];
  /** Unix time of the host, ms. */
  wall: number;
  /** The owner changes settings; running sessions hear of it. */
  decide(fields: Partial<HostPolicy>): void;
  /** A visitor on the plain pipe, and what the host says of the visit in the end. */
  knock(call?: Partial<Guest>): {
    readonly pipe: Link;
    readonly end: Promise<VisitEnd>;
  };
}

export function host(options: WorldOptions = {}): World {
  const desktop = recordingDesktop();
  const { clock = nodeClock(), secrets = new MemorySecrets() } = options;
  let policy = policyOf(options.policy);
  const events: HostEvent[] = [];
  const identity = crypto.signKeyPair(random.bytes(32));
  const reception = new Reception({
    ...{ crypto, random, clock, secrets },
    wall: () => world.wall,
    policy: () => policy,
    salt: SALT,
    ...(options.counters === undefined ? {} : { counters: options.counters }),
    onEvent: (event) => void events.push(event),
    onChanged: () => undefined,
    onCounted: () => undefined,
    onFault: () => undefined,
  });
  const shared: HostShared = {
    world: { crypto, random, clock, compression: nodeCompression() },
    options: { id: ID, identity, allowPlaintext: options.allowPlaintext ?? false },
    desktop,
    reception,
  };
  const world: World = {
    ...{
      shared,
      reception,
      secrets,
      clock,
      identity,
      events,
      done: desktop.done,
      shown: desktop.shown,
      wall: Date.UTC(2026, 0, 1),
    },
    decide(fields) {
      policy = { ...policy, ...fields };
      reception.policyChanged();
    },
    knock({ address = ADDRESS, forbidden = new Set<Permission>(), ...rest } = {}) {
      const [pipe, ours] = memoryLinks();
      return { pipe, end: serve(ours, { address, forbidden, ...rest }, shared, over.signal) };
    },
  };
  return world;
}

/** Names of the viewers that got in, in order. */
export function joined({ events }: World): readonly string[] {
  return events.flatMap((event) => (event.type === "viewerJoined" ? [event.viewer.name] : []));
}
