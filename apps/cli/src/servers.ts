import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { GATEWAY_DEFAULTS, type GatewayServer, startGateway } from "@pulpit/gateway";
import type { Log } from "@pulpit/link-node";
import { RELAY_DEFAULTS, type RelayServer, startRelay } from "@pulpit/relay";
import { loadServerKey, RENDEZVOUS_DEFAULTS, type RendezvousServer, startRendezvous } from "@pulpit/rendezvous";
import { UsageError } from "./usage.ts";

export interface ServersOptions {
  /** Folder of keys and database. */
  readonly home: string;
  readonly webRoot: string;
  /** Main port of the ID server; the relay has the next one. 0 takes free ones. */
  readonly port: number;
  readonly webPort: number;
  /** Address of the web port. */
  readonly webHost: string;
  /** Address of the other ports; undefined is all. */
  readonly host: string | undefined;
}

export interface Servers extends AsyncDisposable {
  readonly rendezvous: RendezvousServer;
  readonly relay: RelayServer;
  readonly gateway: GatewayServer;
  /** Base64 of the public key. */
  readonly serverKey: string;
}

/** ID server, relay and web client in this process. Throws UsageError when a port is taken. */
export async function startServers(options: ServersOptions, log: Log): Promise<Servers> {
  const folder = join(options.home, "server");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = loadServerKey(folder, nodeCrypto(), nodeRandom());
  const stack = new AsyncDisposableStack();
  try {
    const { host, port } = options;
    const relayPort = port === 0 ? 0 : port + 1;
    const relay = stack.use(
      await startRelay({ ...RELAY_DEFAULTS, port: relayPort, host, serverKey: key }, { log: log.child("relay") }),
    );
    const rendezvous = stack.use(
      await startRendezvous(
        // Free ports are not neighbours: the relay's has to be told then.
        { ...RENDEZVOUS_DEFAULTS, port, host, relayServers: port === 0 ? [`127.0.0.1:${relay.ports.main}`] : [] },
        { log: log.child("rendezvous"), key, databasePath: join(folder, "pulpit.sqlite3") },
      ),
    );
    const gateway = stack.use(
      await startGateway(
        {
          ...GATEWAY_DEFAULTS,
          port: options.webPort,
          host: options.webHost,
          webRoot: options.webRoot,
          serverKey: key.publicText,
        },
        {
          log: log.child("gateway"),
          acceptId: rendezvous.accept,
          acceptRelay: relay.accept,
          ready: () => ({ type: "ready" }),
        },
      ),
    );
    const running = stack.move();
    return {
      rendezvous,
      relay,
      gateway,
      serverKey: key.publicText,
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw portTaken(error);
  }
}

function portTaken(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && "port" in error)) return error;
  if (error.code === "EADDRINUSE")
    return new UsageError(
      `Port ${error.port} is in use: is Pulpit running already? Choose others with --port and --web-port`,
    );
  if (error.code === "EACCES") return new UsageError(`Port ${error.port} may not be opened by this user`);
  return error;
}
