import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Log } from "@pulpit/link-node";
import { canReadDatagrams, openDatagrams } from "@pulpit/net-linux";
import {
  DatagramCounters,
  type DatagramStats,
  type Endpoint,
  type HashKey,
  type Presence,
  type TriageOptions,
} from "@pulpit/protocol";
import { DATAGRAMS_PER_SECOND } from "./config.ts";
import { servePortably } from "./datagram-portable.ts";

/** How datagrams are read: by a thread that calls the system itself, or by Node. */
export type DatagramPath = "fast" | "portable";

export interface DatagramPortOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Local address; undefined is all of them, of IPv6 too where there is any. */
  readonly host: string | undefined;
  /** What the system keeps for us while we are busy, bytes. */
  readonly receiveBuffer: number;
  /** Who is where: most datagrams are answered from it. */
  readonly presence: Presence;
  /** Number of the list of ID servers; who has an older one is left to `received`, once (section 4.6). */
  readonly updateSerial: number;
  /** `fast` where the system can; `path` of the port says what became of it. */
  readonly path: DatagramPath;
  /** From a generator nobody can foresee: what sources are counted with. */
  readonly key: HashKey;
  /** The server's clock, ms. */
  readonly now: () => number;
  readonly log: Log;
}

export interface DatagramHandlers {
  /** A datagram that begins like a message an ID server takes, and could not be answered yet. */
  received(bytes: Uint8Array, from: Endpoint): void;
}

/** The registration port of an ID server. */
export interface DatagramPort {
  readonly port: number;
  readonly path: DatagramPath;
  send(bytes: Uint8Array, to: Endpoint): void;
  stats(): DatagramStats;
  close(): Promise<void>;
}

type Served = Pick<DatagramPort, "port" | "path" | "send" | "close">;

/** Opens the port. Should the thread of the fast path end, the portable one takes its place. */
export async function openDatagramPort(
  options: DatagramPortOptions,
  handlers: DatagramHandlers,
): Promise<DatagramPort> {
  const { presence, updateSerial, key, log } = options;
  const host = await addressOf(options.host);
  const counters = new DatagramCounters();
  const triage: TriageOptions = { presence: presence.shared, updateSerial, perSecond: DATAGRAMS_PER_SECOND, key };
  const settings = { ...options, host, triage, counters, received: handlers.received.bind(handlers) };
  let closing = false;
  const portably = async (port: number): Promise<Served> => ({
    path: "portable",
    ...(await servePortably({ ...settings, port })),
  });
  const quickly = async (): Promise<Served> => {
    const failed = (error: Error): void => {
      log.error("datagram thread ended, going on without", { reason: error.message });
      // A port that can't be had again is nothing to go on with: the process ends, and is started anew.
      served = served.then(({ port }) => portably(port)).then(taken);
    };
    return { path: "fast", ...(await openDatagrams({ ...settings, failed })) };
  };
  const taken = async (next: Served): Promise<Served> => {
    now = next;
    if (closing) await next.close();
    return next;
  };
  const start = async (): Promise<Served> => {
    if (options.path === "portable" || !canReadDatagrams()) return await portably(options.port);
    try {
      return await quickly();
    } catch (error) {
      // A port that is taken is taken for the other path as well, which then says so.
      log.warn("no thread for datagrams", { reason: (error as Error).message });
      return await portably(options.port);
    }
  };
  let now = await start();
  let served = Promise.resolve(now);
  return {
    port: now.port,
    get path() {
      return now.path;
    },
    send: (bytes, to) => now.send(bytes, to),
    stats: () => counters.stats(),
    async close() {
      closing = true;
      await (await served).close();
    },
  };
}

/** Sockets are bound to addresses; a name is looked up once. */
export async function addressOf(host: string | undefined): Promise<string | undefined> {
  return host === undefined || isIP(host) !== 0 ? host : (await lookup(host)).address;
}
