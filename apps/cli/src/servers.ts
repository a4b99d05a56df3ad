import { AdminError, isRunning, serverDesk, startAdmin } from "@pulpit/admin";
import { type GatewayServer, metricsText, processFigures, startGateway, startOperationsPort } from "@pulpit/gateway";
import type { Log } from "@pulpit/link-node";
import { formatServerAddress } from "@pulpit/protocol";
import { type RelayServer, startRelay } from "@pulpit/relay";
import { type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { administration } from "./server/administration.ts";
import { type DataFolder, makeDataFolder } from "./server/data-folder.ts";
import { RelayLists } from "./server/relay-lists.ts";
import { gatewayConfigOf, relayConfigOf, rendezvousConfigOf } from "./server/server-configs.ts";
import { chooseKey } from "./server/server-key.ts";
import { startFailure } from "./server/start-failure.ts";
import type { EffectiveConfig } from "./server-config/read-config.ts";

export interface Servers extends AsyncDisposable {
  readonly rendezvous: RendezvousServer;
  readonly relay: RelayServer;
  readonly gateway: GatewayServer;
  readonly lists: RelayLists;
  /** Undefined without one. */
  readonly operationsPort: number | undefined;
  /** Base64 of the public key. */
  readonly serverKey: string;
  /** Where the key pair stands. */
  readonly keySource: string;
  readonly state: "serving" | "draining";
  /** Reads lists and certificate again; what makes no sense is logged, and the old stays. */
  reload(): Promise<void>;
  /** No new sessions from now on; resolves when the relayed ones have ended, or after so long, ms. */
  drain(within: number): Promise<void>;
}

/** ID server, relay and web client in this process. Throws UsageError or FailedError with what is in the way. */
export async function startServers(
  effective: EffectiveConfig,
  place: { readonly data: DataFolder; readonly webRoot: string },
  log: Log,
): Promise<Servers> {
  const { config, origins } = effective;
  const { data, webRoot } = place;
  await using stack = new AsyncDisposableStack();
  try {
    makeDataFolder(data);
    // Told before a port is found taken, which would say less.
    if (await isRunning(data.socket))
      throw new AdminError("already-running", `A server runs on this data folder already (${data.path})`);
    const { key, source } = chooseKey(config.key, origins.key, data.path);
    const lists = new RelayLists(config, data.path);
    const relay = stack.use(await startRelay(relayConfigOf(config, key, lists.read()), { log: log.child("relay") }));
    // Free ports are not neighbours, so hosts can't guess it; and a server that knows its own relay sends nobody elsewhere.
    const known = config.publicHost ?? (config.port === 0 ? "127.0.0.1" : undefined);
    const ownRelay = known && formatServerAddress({ host: known, port: relay.ports.main });
    const rendezvous = stack.use(
      await startRendezvous(rendezvousConfigOf(config, ownRelay), {
        log: log.child("rendezvous"),
        key,
        databasePath: data.database,
      }),
    );
    // A database that can't be read is the one thing that makes a server useless while it runs.
    const ready = (): { type: "ready" } => {
      rendezvous.devices.count();
      return { type: "ready" };
    };
    const gateway = stack.use(
      await startGateway(gatewayConfigOf(config, webRoot, key, rendezvous.ports), {
        log: log.child("gateway"),
        acceptId: rendezvous.accept,
        acceptRelay: relay.accept,
        ready,
      }),
    );
    const sources = {
      rendezvous: rendezvous.stats,
      relay: relay.stats,
      gateway: gateway.figures,
      process: processFigures,
    };
    const operations =
      config.metrics &&
      stack.use(
        await startOperationsPort(
          { ...config.metrics, token: config.metricsToken },
          { log: log.child("operations"), metrics: () => metricsText(sources), ready: gateway.ready },
        ),
      );
    let state: Servers["state"] = "serving";
    let running = stack;
    const servers: Servers = {
      rendezvous,
      relay,
      gateway,
      lists,
      operationsPort: operations?.port,
      serverKey: key.publicText,
      keySource: source,
      get state() {
        return state;
      },
      async reload() {
        try {
          lists.apply(relay);
        } catch (error) {
          log.warn("lists stay as they were", { reason: error instanceof Error ? error.message : String(error) });
        }
        await gateway.reloadTls();
        log.info("lists and certificate read again");
      },
      async drain(within) {
        state = "draining";
        gateway.drain();
        rendezvous.drain();
        await relay.drain(within);
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
    stack.use(
      await startAdmin(data.socket, serverDesk(administration(servers, effective)), {
        log: log.child("administration"),
      }),
    );
    running = stack.move();
    return servers;
  } catch (error) {
    throw startFailure(error);
  }
}
