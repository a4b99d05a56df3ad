import type { Log } from "@pulpit/link-node";
import {
  DatagramCounters,
  type DatagramStats,
  type Endpoint,
  type HashKey,
  isStunRequest,
  type Presence,
} from "@pulpit/protocol";
import { DATAGRAMS_PER_SECOND } from "./config.ts";
import { addressOf } from "./datagram-port.ts";
import { servePortably } from "./datagram-portable.ts";

/** Asked of the system for questions that wait, bytes: a few hundred of the smallest; who is not answered asks again. */
const RECEIVE_BUFFER: number = 256 * 1024;

/** A second UDP port beside the registration port, so that clients see what the way between does with ports. */
export interface StunPort {
  readonly port: number;
  send(bytes: Uint8Array, to: Endpoint): void;
  stats(): DatagramStats;
  close(): Promise<void>;
}

/**
 * Opens a port on which STUN is spoken and nothing else, with the budgets STUN has on the registration port. Undefined,
 * and a line in the log, when it can't be had: then clients only know less.
 */
export async function openStunPort(options: {
  readonly port: number;
  readonly host: string | undefined;
  readonly presence: Presence;
  readonly key: HashKey;
  readonly now: () => number;
  readonly log: Log;
  readonly received: (bytes: Uint8Array, from: Endpoint) => void;
}): Promise<StunPort | undefined> {
  const { presence, key, port, log } = options;
  const counters = new DatagramCounters();
  const triage = { presence: presence.shared, updateSerial: 0, perSecond: DATAGRAMS_PER_SECOND, key };
  try {
    const host = await addressOf(options.host);
    const served = { ...options, host, triage, counters, receiveBuffer: RECEIVE_BUFFER, takes: isStunRequest };
    return { ...(await servePortably(served)), stats: () => counters.stats() };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    log.warn("no second port for STUN, so clients can't learn what their NAT does", { port, reason: code });
    return undefined;
  }
}

/** What came to two ports together. */
export function bothOf(one: DatagramStats, other: DatagramStats): DatagramStats {
  const dropped = { ...one.dropped };
  for (const why of Object.keys(dropped) as (keyof typeof dropped)[]) dropped[why] += other.dropped[why];
  return { received: one.received + other.received, answered: one.answered + other.answered, dropped };
}
