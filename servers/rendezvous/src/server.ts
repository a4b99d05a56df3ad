import type { Socket } from "node:net";
import { nodeCrypto } from "@pulpit/crypto-node";
import { type DatagramSocket, framed, type Link, LinkError } from "@pulpit/link";
import {
  type Log,
  listenTcp,
  listenWebSocket,
  nodeClock,
  openUdp,
  plainAddress,
  socketStream,
} from "@pulpit/link-node";
import { Broker, type Endpoint } from "@pulpit/protocol";
import { devicesIn, openDatabase } from "@pulpit/store";
import { encodeServerMessage, WireError } from "@pulpit/wire";
import { MAX_CONNECTIONS, MAX_DEVICES, MAX_MESSAGE, MAX_WAITING_VIEWERS, type RendezvousConfig } from "./config.ts";
import { Connections } from "./connections.ts";
import { serveDatagrams } from "./datagrams.ts";
import { Desk } from "./desk.ts";
import type { ServerKey } from "./key-files.ts";

/** A running ID server. */
export interface RendezvousServer extends AsyncDisposable {
  /** Ports as bound. */
  readonly ports: { readonly main: number; readonly natTest: number; readonly websocket: number };
  /** Serves a WebSocket that came in through another port; resolves when it is over. */
  accept(link: Link, endpoint: Endpoint): Promise<void>;
}

/** Starts the ID server: UDP and TCP on the main port, TCP below it, WebSocket two above. */
export async function startRendezvous(
  config: RendezvousConfig,
  world: { readonly log: Log; readonly key: ServerKey; readonly databasePath: string },
): Promise<RendezvousServer> {
  const { log } = world;
  const clock = nodeClock();
  const database = openDatabase(world.databasePath);
  const broker = new Broker({
    crypto: nodeCrypto(),
    secretKey: world.key.secretKey,
    requiredKey: config.requireKey ? world.key.publicText : undefined,
    relayServer: config.relayServer,
    limits: { devices: MAX_DEVICES, waitingViewers: MAX_WAITING_VIEWERS },
  });
  let udp: DatagramSocket | undefined;
  const connections = new Connections(clock, (message, from) => desk.received(message, from));
  const desk = new Desk({
    broker,
    devices: devicesIn(database),
    now: () => clock.now(),
    outlets: {
      sendDatagram: (to, message) => udp?.send(encodeServerMessage(message), to),
      send: (connection, message) => connections.send(connection, message),
      close: (connection) => connections.close(connection),
    },
  });

  async function accept(link: Link, endpoint: Endpoint): Promise<void> {
    try {
      await connections.serve(link, endpoint);
    } catch (error) {
      // The peer's fault, or the network's: worth a line for the curious, never a reason to stop.
      if (!(error instanceof LinkError || error instanceof WireError)) throw error;
      log.debug("connection ended", { address: endpoint.host, code: error.code });
    }
  }

  const onSocket = (socket: Socket): void => {
    const endpoint = { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
    void accept(framed(socketStream(socket, "server"), MAX_MESSAGE), endpoint);
  };
  const host = config.host;
  const bound = (port: number): { host: string | undefined; port: number; maxConnections: number } => ({
    host,
    port: config.port === 0 ? 0 : port,
    maxConnections: MAX_CONNECTIONS,
  });
  const main = await listenTcp(bound(config.port), onSocket);
  const natTest = await listenTcp(bound(config.port - 1), onSocket);
  udp = await openUdp({ port: main.port, ...(host === undefined ? {} : { host }) });
  void serveDatagrams(
    udp,
    () => clock.now(),
    (message, endpoint) => desk.received(message, { type: "datagram", endpoint }),
  );
  const websocket = await listenWebSocket(
    { ...bound(config.port + 2), limit: MAX_MESSAGE, route: "server" },
    (link, from) => void accept(link, { host: from, port: 0 }),
  );
  log.info("ID server ready", { port: main.port, natTestPort: natTest.port, websocketPort: websocket.port });

  return {
    ports: { main: main.port, natTest: natTest.port, websocket: websocket.port },
    accept,
    async [Symbol.asyncDispose]() {
      const listening = [main.close(), natTest.close(), websocket.close()];
      await connections.closeAll();
      await Promise.all([...listening, udp?.close()]);
      database.close();
    },
  };
}
