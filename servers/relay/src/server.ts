import { framed, type Link, LinkError } from "@pulpit/link";
import { type Log, listenTcp, listenWebSocket, nodeClock, plainAddress, socketStream } from "@pulpit/link-node";
import { Pairing } from "@pulpit/protocol";
import { decodeServerMessage, type RequestRelay, WireError } from "@pulpit/wire";
import {
  FIRST_MESSAGE_WITHIN,
  MAX_CONNECTIONS,
  MAX_FIRST_MESSAGE,
  MAX_MESSAGE,
  MAX_WAITING,
  MAX_WAITING_PER_ADDRESS,
  type RelayConfig,
} from "./config.ts";
import { join } from "./join.ts";
import type { Party } from "./party.ts";

/** A running relay. */
export interface RelayServer extends AsyncDisposable {
  readonly ports: { readonly main: number; readonly websocket: number };
  /** Serves a WebSocket that came in through another port; resolves when it is over. */
  accept(link: Link, address: string): Promise<void>;
}

/** Starts the relay: TCP on the port, WebSocket two above. */
export async function startRelay(config: RelayConfig, world: { readonly log: Log }): Promise<RelayServer> {
  const { log } = world;
  const clock = nodeClock();
  const pairing = new Pairing<Party>(
    { waiting: MAX_WAITING, waitingPerAddress: MAX_WAITING_PER_ADDRESS },
    config.requiredKey,
  );
  const links = new Set<Link>();
  const sweep = setInterval(() => {
    for (const party of pairing.expired(clock.now())) party.matched(undefined);
  }, 1000);
  sweep.unref();

  async function accept(link: Link, address: string): Promise<void> {
    links.add(link);
    try {
      await serve(link, address);
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof WireError)) throw error;
      log.debug("party ended", { address, code: error.code });
    } finally {
      links.delete(link);
      await link.close();
    }
  }

  async function serve(link: Link, address: string): Promise<void> {
    const request = await firstMessage(link);
    if (request === undefined) return;
    const { promise, resolve: matched } = Promise.withResolvers<Party | undefined>();
    const party: Party = { link, address, matched };
    const arrival = pairing.arrived(request, party, address, clock.now());
    if (arrival.type === "refused") {
      log.info("party refused", { address, why: arrival.why });
      return;
    }
    if (arrival.type === "waiting") {
      // The second party carries the pair; this one only waits for it to be over.
      const second = await promise;
      if (second !== undefined) await over(second);
      return;
    }
    arrival.first.matched(party);
    log.info("pair joined", { first: arrival.first.address, second: address });
    const moved = await join(arrival.first.link, link, clock);
    finished.get(party)?.();
    log.info("pair parted", { first: arrival.first.address, second: address, bytes: moved });
  }

  /** Resolvers of first parties, by their partner. */
  const finished = new Map<Party, () => void>();
  const over = (second: Party): Promise<void> =>
    new Promise((resolve) =>
      finished.set(second, () => {
        finished.delete(second);
        resolve();
      }),
    );

  async function firstMessage(link: Link): Promise<RequestRelay | undefined> {
    link.limit(MAX_FIRST_MESSAGE);
    const cancel = clock.alarm(clock.now() + FIRST_MESSAGE_WITHIN, () => void link.close());
    try {
      const bytes = await link.receive();
      const message = bytes === undefined ? undefined : decodeServerMessage(bytes);
      return message?.case === "requestRelay" ? message.value : undefined;
    } finally {
      cancel();
    }
  }

  const at = (port: number): { host: string | undefined; port: number } => ({
    host: config.host,
    port: config.port === 0 ? 0 : port,
  });
  const main = await listenTcp({ ...at(config.port), maxConnections: MAX_CONNECTIONS }, (socket) => {
    const address = plainAddress(socket.remoteAddress);
    void accept(framed(socketStream(socket, "relay"), MAX_FIRST_MESSAGE), address);
  });
  const websocket = await listenWebSocket(
    { ...at(config.port + 2), limit: MAX_MESSAGE, route: "relay" },
    (link, from) => void accept(link, from),
  );
  log.info("relay ready", { port: main.port, websocketPort: websocket.port });

  return {
    ports: { main: main.port, websocket: websocket.port },
    accept,
    async [Symbol.asyncDispose]() {
      clearInterval(sweep);
      const listening = [main.close(), websocket.close()];
      await Promise.all([...links].map((link) => link.close()));
      await Promise.all(listening);
    },
  };
}
