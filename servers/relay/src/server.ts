import { nodeCrypto } from "@pulpit/crypto-node";
import type { Link } from "@pulpit/link";
import { AddressList, type Log, listenTcp, listenWebSocket, nodeClock, OffenderLog } from "@pulpit/link-node";
import { Pairing, type RelayPolicy } from "@pulpit/protocol";
import {
  LOOK_EVERY,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_ADDRESS,
  MAX_MESSAGE,
  MAX_WAITING,
  MAX_WAITING_PER_ADDRESS,
  REFILL_EVERY,
  type RelayConfig,
} from "./config.ts";
import { type DataPathType, openDataPath } from "./data-path.ts";
import { LinkParty } from "./link-party.ts";
import { PairTable, type PairUsage } from "./pair-table.ts";
import { type Arrived, Reception, type RelayRefusal } from "./reception.ts";
import { TcpParty } from "./tcp-party.ts";

/** Figures of a relay, as of now. */
export interface RelayStats {
  /** Parties without a partner, those that wait included, and those of pairs. */
  readonly connections: number;
  readonly waiting: number;
  readonly pairs: number;
  readonly throttledPairs: number;
  /** Since the start. */
  readonly pairsEver: number;
  /** Payload in both directions, since the start. */
  readonly bytes: number;
  readonly refused: Readonly<Partial<Record<RelayRefusal, number>>>;
  readonly dataPath: DataPathType;
}

/** A running relay. */
export interface RelayServer extends AsyncDisposable {
  readonly ports: { readonly main: number; readonly websocket: number };
  /** Serves a WebSocket that came in through another port; resolves when it is over. */
  accept(link: Link, address: string): Promise<void>;
  stats(): RelayStats;
  usage(): readonly PairUsage[];
  /** Addresses and networks to turn away from now on; their pairs are parted. Throws AddressListError. */
  setRefused(entries: readonly string[]): void;
  /** … and those whose pairs are slowed down. */
  setThrottled(entries: readonly string[]): void;
  /** Takes nobody any more; resolves when all pairs have gone, or after so long, ms. */
  drain(within: number): Promise<void>;
}

/** Starts the relay: TCP on the port, WebSocket two above. */
export async function startRelay(config: RelayConfig, world: { readonly log: Log }): Promise<RelayServer> {
  const { log } = world;
  const clock = nodeClock();
  const offenders = new OffenderLog(log, () => clock.now());
  let throttled = new AddressList(config.throttled);
  const limits = { waiting: MAX_WAITING, waitingPerAddress: MAX_WAITING_PER_ADDRESS };
  const pairing = new Pairing<Arrived>(limits, policyOf(config));
  const pairs = new PairTable(config.bandwidth, (address) => throttled.has(address), clock.now());
  await using open = new AsyncDisposableStack();
  const path = await openDataPath(config.dataPath, pairs, log);
  open.defer(() => path.close());
  let refill: NodeJS.Timeout | undefined;
  /** Allowances are refilled while there are pairs; a relay with nothing to do sleeps. */
  function joined(): void {
    refill ??= setInterval(() => {
      pairs.refill(clock.now());
      if (pairs.size > 0) return;
      clearInterval(refill);
      refill = undefined;
    }, REFILL_EVERY);
  }
  const reception = new Reception(
    { clock, pairing, pairs, path, offenders, unixSeconds: () => Math.floor(Date.now() / 1000), joined },
    new AddressList(config.refused),
  );

  const look = setInterval(() => {
    reception.sweep();
    pairs.look(clock.now());
  }, LOOK_EVERY);
  open.defer(() => {
    clearInterval(look);
    clearInterval(refill);
  });

  const at = (port: number): { host: string | undefined; port: number } => ({
    host: config.host,
    port: config.port === 0 ? 0 : port,
  });
  const main = await listenTcp({ ...at(config.port), maxConnections: MAX_CONNECTIONS }, (socket) => {
    void reception.serve(new TcpParty(socket));
  });
  open.defer(() => main.close());
  const websocket = await listenWebSocket(
    {
      ...at(config.port + 2),
      limit: MAX_MESSAGE,
      route: "relay",
      trusted: config.trustedProxies,
      maxConnections: MAX_CONNECTIONS,
      connectionsPerAddress: MAX_CONNECTIONS_PER_ADDRESS,
    },
    (link, from) => void serveLink(link, from),
    (from) => reception.count(from, "no-room"),
  );
  log.info("relay ready", { port: main.port, websocketPort: websocket.port, dataPath: path.type });

  async function serveLink(link: Link, address: string): Promise<void> {
    const over = Promise.withResolvers<void>();
    await reception.serve(new LinkParty(link, address), over.resolve);
    await over.promise;
    await link.close();
  }

  async function settled(within: number): Promise<void> {
    const until = clock.now() + within;
    while (pairs.size > 0 && clock.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_EVERY, Math.max(1, until - clock.now()))));
    }
  }

  const running = open.move();
  return {
    ports: { main: main.port, websocket: websocket.port },
    accept: serveLink,
    stats: () => ({
      connections: reception.size + 2 * pairs.size,
      waiting: pairing.waiting,
      pairs: pairs.size,
      throttledPairs: pairs.throttled,
      pairsEver: pairs.ever,
      bytes: pairs.bytes,
      refused: reception.refused,
      dataPath: path.type,
    }),
    usage: () => pairs.usage(clock.now()),
    setRefused(entries) {
      const list = new AddressList(entries);
      reception.blocked = list;
      pairs.part((address) => list.has(address));
    },
    setThrottled(entries) {
      throttled = new AddressList(entries);
      pairs.look(clock.now());
    },
    async drain(within) {
      reception.draining = true;
      reception.sendAway();
      await settled(within);
    },
    async [Symbol.asyncDispose]() {
      reception.draining = true;
      const closed = websocket.close();
      reception.sendAway();
      pairs.part();
      await running.disposeAsync();
      await closed;
    },
  };
}

function policyOf({ policy, serverKey }: RelayConfig): RelayPolicy {
  switch (policy) {
    case "open":
      return { type: "open" };
    case "key":
      if (serverKey.publicText === "") throw new Error("a relay that wants a key has to know it");
      return { type: "key", text: serverKey.publicText };
    case "ticket":
      return { type: "ticket", crypto: nodeCrypto(), serverPublicKey: serverKey.publicKey };
  }
}
