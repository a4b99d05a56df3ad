import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { openX11Desktop, startVirtualDesktop } from "@pulpit/desktop-linux";
import { GATEWAY_DEFAULTS, type GatewayServer, startGateway } from "@pulpit/gateway";
import {
  type Desktop,
  type DirectAccessOptions,
  Host,
  type HostEvent,
  type HostPolicy,
  type HostSecretStore,
  type HostSecrets,
  type HostWays,
  Reception,
} from "@pulpit/host";
import { dial, listenDirect, nodeClock, openUdp, silentLog } from "@pulpit/link-node";
import type { KeyPair } from "@pulpit/protocol";
import { RELAY_DEFAULTS, type RelayConfig, type RelayServer, startRelay } from "@pulpit/relay";
import {
  loadServerKey,
  RENDEZVOUS_DEFAULTS,
  type RendezvousServer,
  type ServerKey,
  startRendezvous,
} from "@pulpit/rendezvous";
import { openVideoSource } from "@pulpit/video-pipeline";

const WEB_ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "apps", "web", "dist");

/** The servers of one test, on free ports of loopback, with a key of their own. */
export interface Servers extends AsyncDisposable {
  readonly key: ServerKey;
  readonly rendezvous: RendezvousServer;
  readonly relay: RelayServer;
  readonly gateway: GatewayServer;
  readonly url: string;
}

/**
 * `open`: nobody has to show the server's key, as on a server that lets everybody in. `policy`: whom the relay joins.
 */
export async function startServers(
  options: { readonly open?: boolean; readonly policy?: RelayConfig["policy"] } = {},
): Promise<Servers> {
  const { open = false, policy = open ? "open" : "key" } = options;
  const folder = mkdtempSync(join(tmpdir(), "pulpit-system-"));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const key = loadServerKey(folder, nodeCrypto(), nodeRandom());
  const host = "127.0.0.1";
  const relay = stack.use(
    await startRelay({ ...RELAY_DEFAULTS, port: 0, host, policy, serverKey: key }, { log: silentLog }),
  );
  const rendezvous = stack.use(
    await startRendezvous(
      { ...RENDEZVOUS_DEFAULTS, port: 0, host, relayServers: [`127.0.0.1:${relay.ports.main}`], requireKey: !open },
      { log: silentLog, key, databasePath: join(folder, "pulpit.sqlite3") },
    ),
  );
  const gateway = stack.use(
    await startGateway(
      { ...GATEWAY_DEFAULTS, port: 0, host, webRoot: WEB_ROOT, serverKey: key.publicText },
      {
        log: silentLog,
        acceptId: rendezvous.accept,
        acceptRelay: relay.accept,
        ready: () => ({ type: "ready" }),
      },
    ),
  );
  return {
    key,
    rendezvous,
    relay,
    gateway,
    url: `http://localhost:${gateway.port}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** As a careful owner has it: mouse and keyboard, a password or a click. */
export const POLICY: HostPolicy = {
  approval: "either",
  oneTime: true,
  oneTimeForm: { length: 8, digits: false },
  oneTimeRenewal: "after-use",
  permanent: true,
  clickNeedsCode: false,
  trustFor: 30 * 24 * 60 * 60_000,
  acceptWithin: 60_000,
  idleAfter: 0,
  granted: new Set(["keyboard"]),
  allowedAddresses: [],
  blockedAddresses: [],
  allowedIds: [],
  blockedIds: [],
};

/** Secrets of one test. */
export function secretsInMemory(): HostSecretStore {
  let kept: HostSecrets = { trusted: [] };
  return {
    load: () => kept,
    save: (secrets) => {
      kept = secrets;
    },
  };
}

/** A shared desktop of one test. */
export interface SharedHost extends AsyncDisposable {
  readonly id: string;
  /** Who may come in, and who is in. */
  readonly reception: Reception;
  /** What the owner decides from now on. */
  decide(policy: Partial<HostPolicy>): void;
  readonly events: readonly HostEvent[];
  /** The one-time password, once nobody is in any more: each visit that ends changes it. */
  freshPassword(): Promise<string>;
  password(): string;
  /** Resolves with the first event, from now on or before, that fits. */
  until(fits: (event: HostEvent) => boolean): Promise<HostEvent>;
}

export async function startHost(
  servers: Servers,
  desktop: Desktop,
  options: {
    readonly id?: string;
    readonly identity?: KeyPair;
    readonly ways?: HostWays;
    readonly direct?: DirectAccessOptions;
  } = {},
): Promise<SharedHost> {
  const crypto = nodeCrypto();
  const random = nodeRandom();
  const id = options.id ?? String(100_000_000 + Math.floor(Math.random() * 899_999_999));
  const events: HostEvent[] = [];
  const waiting = new Set<() => void>();
  const clock = nodeClock();
  let policy = POLICY;
  const reception: Reception = new Reception({
    crypto,
    random,
    clock,
    wall: Date.now,
    policy: () => policy,
    secrets: secretsInMemory(),
    salt: "salt-of-the-test",
    onEvent: (event) => {
      events.push(event);
      for (const wake of waiting) wake();
    },
    onChanged: () => undefined,
    onCounted: () => undefined,
    onFault: () => undefined,
  });
  const host = new Host(
    {
      id,
      identity: options.identity ?? crypto.signKeyPair(random.bytes(32)),
      uuid: random.bytes(16),
      allowPlaintext: false,
      idServer: { host: "127.0.0.1", port: servers.rendezvous.ports.main },
      serverKey: servers.key.publicText,
      ...(options.direct === undefined ? {} : { direct: options.direct }),
    },
    desktop,
    reception,
    {
      crypto,
      random,
      compression: nodeCompression(),
      clock,
      dial,
      openDatagrams: (peer) => openUdp({ port: 0, peer }),
      listenDirect: (port, arrived) => listenDirect(port, 64 * 1024, arrived),
      ...(options.ways === undefined ? {} : { ways: options.ways }),
    },
  );
  const running = host.run();
  const until = async (fits: (event: HostEvent) => boolean): Promise<HostEvent> => {
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  };
  await until((event) => event.type === "registered");
  return {
    id,
    events,
    reception,
    decide(changed) {
      policy = { ...policy, ...changed };
      reception.policyChanged();
    },
    password: () => reception.oneTime.value,
    async freshPassword() {
      const count = (type: HostEvent["type"]): number => events.filter((event) => event.type === type).length;
      while (count("viewerJoined") > count("viewerLeft")) await new Promise<void>((resolve) => waiting.add(resolve));
      return reception.oneTime.value;
    },
    until,
    async [Symbol.asyncDispose]() {
      await host.stop();
      await running;
    },
  };
}

/** A real X desktop in memory. `bare`: without window manager and terminal. */
export async function startDesktop(size: { width: number; height: number; bare?: boolean }): Promise<{
  readonly display: string;
  readonly desktop: Desktop;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const stack = new AsyncDisposableStack();
  const { display } = stack.use(await startVirtualDesktop(size));
  const desktop = stack.use(await openX11Desktop({ display, openVideo: openVideoSource }));
  return { display, desktop, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
