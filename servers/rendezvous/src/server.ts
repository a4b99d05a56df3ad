import type { Socket } from "node:net";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { framed, type Link, LinkError } from "@pulpit/link";
import {
  type Log,
  listenTcp,
  listenWebSocket,
  nodeClock,
  OffenderLog,
  plainAddress,
  socketStream,
} from "@pulpit/link-node";
import {
  answerStun,
  Broker,
  type DatagramStats,
  type Endpoint,
  type HashKey,
  isStunRequest,
  issueTicket,
  ProtocolError,
  type Random,
} from "@pulpit/protocol";
import { type Devices, devicesIn, openDatabase, type Wishes, wishesIn } from "@pulpit/store";
import { decodeServerMessage, encodeServerMessage, WireError } from "@pulpit/wire";
import {
  MAX_CONNECTIONS,
  MAX_KEPT,
  MAX_MESSAGE,
  MAX_WAITING_VIEWERS,
  type RendezvousConfig,
  TICKET_LIFE,
} from "./config.ts";
import { Connections } from "./connections.ts";
import type { KeyOffer } from "./conversation.ts";
import { type DatagramPath, type DatagramPort, openDatagramPort } from "./datagram-port.ts";
import { Desk } from "./desk.ts";
import type { ServerKey } from "./key-files.ts";
import { RelayWatch } from "./relay-watch.ts";
import { bothOf, openStunPort, type StunPort } from "./stun-port.ts";

/** Figures of an ID server, as of now. */
export interface RendezvousStats {
  readonly devicesKnown: number;
  readonly devicesOnline: number;
  /** Devices waiting for an administrator. */
  readonly wishes: number;
  readonly connections: number;
  readonly waitingViewers: number;
  /** Connections there was no room for, since the start. */
  readonly refusedConnections: number;
  /** Writes the database refused, since the start. */
  readonly failedWrites: number;
  /** On both ports. */
  readonly datagrams: DatagramStats;
  /** How datagrams are read: by a thread of its own, or by Node. */
  readonly datagramPath: DatagramPath;
}

/** A running ID server. */
export interface RendezvousServer extends AsyncDisposable {
  /** Ports as bound. `stun`: the second one of UDP, undefined when it could not be had. */
  readonly ports: {
    readonly main: number;
    readonly natTest: number;
    readonly stun: number | undefined;
    readonly websocket: number;
  };
  readonly devices: Devices;
  readonly wishes: Wishes;
  /** Serves a WebSocket that came in through another port; resolves when it is over. */
  accept(link: Link, endpoint: Endpoint): Promise<void>;
  isOnline(id: string): boolean;
  /** A device is no longer where it was: its record was changed or removed. */
  forget(id: string): void;
  stats(): RendezvousStats;
  /** Introduces nobody any more; devices stay registered. */
  drain(): void;
}

/** Starts the ID server: UDP and TCP on the main port, TCP and STUN below it, WebSocket two above. */
export async function startRendezvous(
  config: RendezvousConfig,
  world: { readonly log: Log; readonly key: ServerKey; readonly databasePath: string },
): Promise<RendezvousServer> {
  const { log, key } = world;
  const clock = nodeClock();
  const crypto = nodeCrypto();
  const random = nodeRandom();
  const offenders = new OffenderLog(log, () => clock.now());
  const database = openDatabase(world.databasePath);
  const devices = devicesIn(database);
  const wishes = wishesIn(database);
  const relays = new RelayWatch(config.relayServers);
  const broker = new Broker({
    ...config,
    crypto,
    secretKey: key.secretKey,
    directory: devices,
    requiredKey: config.requireKey ? key.publicText : undefined,
    relays,
    ticketFor: (uuid) => issueTicket(crypto, { uuid, until: unixSeconds() + TICKET_LIFE }, key.secretKey),
    presenceKey: hashKey(random),
    limits: { devices: config.maxDevices, waitingViewers: MAX_WAITING_VIEWERS },
  });
  let datagrams: DatagramPort | undefined;
  let stun: StunPort | undefined;
  let refusedConnections = 0;
  const connections = new Connections(
    clock,
    {
      received: (message, from) => desk.received(message, from),
      disconnected: (connection) => broker.disconnected(connection),
      refused(from, why) {
        refusedConnections += 1;
        offenders.report("connection refused", from.host, { why });
      },
    },
    { perAddress: config.connectionsPerAddress, kept: MAX_KEPT },
  );
  const desk = new Desk({
    broker,
    devices,
    wishes,
    log: offenders,
    now: () => clock.now(),
    outlets: {
      sendDatagram: (to, message) => datagrams?.send(encodeServerMessage(message), to),
      send: (connection, message) => connections.send(connection, message),
      keep: (connection) => connections.keep(connection),
      close: (connection) => connections.close(connection),
    },
  });

  async function accept(link: Link, endpoint: Endpoint, offer?: KeyOffer): Promise<void> {
    try {
      await connections.serve(link, endpoint, offer);
    } catch (error) {
      // The peer's fault, or the network's: never a reason to stop.
      if (!(error instanceof LinkError || error instanceof WireError || error instanceof ProtocolError)) throw error;
      // Hosts and viewers hang up as soon as they have what they wanted.
      if (!(error instanceof LinkError && (error.retryable || error.code === "closed"))) {
        offenders.report("connection broke the rules", endpoint.host, { code: error.code });
      }
    }
  }

  function onDatagram(bytes: Uint8Array, endpoint: Endpoint): void {
    if (isStunRequest(bytes)) {
      // So that WebRTC peers need nobody else to learn their addresses.
      onStun(bytes, endpoint, datagrams, stun);
      return;
    }
    try {
      desk.received(decodeServerMessage(bytes), { type: "datagram", endpoint, bytes: bytes.length });
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  type Outlet = Pick<StunPort, "send"> | undefined;
  function onStun(bytes: Uint8Array, endpoint: Endpoint, asked: Outlet, other: Outlet): void {
    const answer = answerStun(bytes, endpoint, other === undefined ? "one" : "two");
    if (answer === undefined) return;
    (answer.through === "other-port" ? other : asked)?.send(answer.bytes, endpoint);
  }

  const offer: KeyOffer = { crypto, random, secretKey: key.secretKey };
  const onSocket =
    (offered: KeyOffer | undefined) =>
    (socket: Socket): void => {
      const endpoint = { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
      void accept(framed(socketStream(socket, "server"), MAX_MESSAGE), endpoint, offered);
    };
  const { host } = config;
  const bound = (port: number): { host: string | undefined; port: number; maxConnections: number } => ({
    host,
    port: config.port === 0 ? 0 : port,
    maxConnections: MAX_CONNECTIONS,
  });
  const open = new AsyncDisposableStack();
  open.defer(() => database.close());
  open.use(relays);
  try {
    // Clients that want encryption have it on the main port only (section 4.23).
    const main = await listenTcp(bound(config.port), onSocket(offer));
    const natTest = await listenTcp(bound(config.port - 1), onSocket(undefined));
    const port = await openDatagramPort(
      {
        port: main.port,
        host,
        receiveBuffer: config.receiveBuffer,
        presence: broker.presence,
        updateSerial: config.update.serial,
        path: config.datagramPath,
        key: hashKey(random),
        now: () => clock.now(),
        log,
      },
      { received: onDatagram },
    );
    datagrams = port;
    open.defer(() => port.close());
    stun = await openStunPort({
      port: natTest.port,
      host,
      presence: broker.presence,
      key: hashKey(random),
      now: () => clock.now(),
      log,
      received: (bytes, from) => onStun(bytes, from, stun, port),
    });
    const second = stun;
    open.defer(async () => second?.close());
    const websocket = await listenWebSocket(
      { ...bound(config.port + 2), limit: MAX_MESSAGE, route: "server", trusted: config.trustedProxies },
      (link, from) => void accept(link, { host: from, port: 0 }),
      (from, why) => {
        refusedConnections += 1;
        offenders.report("connection refused", from, { why });
      },
    );
    open.defer(async () => {
      // Nobody new first: a port is free when all that came through it have gone.
      const listening = [main.close(), natTest.close(), websocket.close()];
      await connections.closeAll();
      await Promise.all(listening);
    });
    log.info("ID server ready", { port: main.port, natTestPort: natTest.port, websocketPort: websocket.port });

    const running = open.move();
    return {
      ports: { main: main.port, natTest: natTest.port, stun: second?.port, websocket: websocket.port },
      devices,
      wishes,
      accept,
      isOnline: (id) => broker.presence.online(id, clock.now()) !== undefined,
      forget: (id) => broker.presence.forget(id),
      drain: () => broker.drain(),
      stats: () => ({
        devicesKnown: devices.count(),
        devicesOnline: broker.presence.countOnline(clock.now()),
        wishes: wishes.count(),
        connections: connections.size,
        waitingViewers: broker.waiting,
        refusedConnections,
        failedWrites: desk.failedWrites,
        datagrams: second === undefined ? port.stats() : bothOf(port.stats(), second.stats()),
        datagramPath: port.path,
      }),
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

function hashKey(random: Random): HashKey {
  const [first = 0, second = 0] = new Uint32Array(random.bytes(8).slice().buffer);
  return [first, second];
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
