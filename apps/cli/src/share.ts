import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { type Desktop, Host, type HostEvent } from "@pulpit/host";
import { dial, type Log, nodeClock, openUdp } from "@pulpit/link-node";
import { type HostIdentity, loadHostIdentity, type ProfileFolder, renewHostId } from "@pulpit/profile-node";
import type { ServerAddress } from "@pulpit/protocol";
import type { SharedDesktop } from "./desktop.ts";
import { untilStopped } from "./until-stopped.ts";

export interface ShareOptions {
  readonly profile: ProfileFolder;
  readonly idServer: ServerAddress;
  readonly serverKey: string;
  readonly relayServer?: string;
}

/** What a person at the machine wants to see. */
export interface ShareView {
  /** ID and password as they are now; called again whenever one changes. */
  ready(id: string, password: string): void;
  happened(event: HostEvent): void;
}

/** Shares a desktop until the signal aborts. An ID that is somebody else's is given up for a new one. */
async function share(
  desktop: Desktop,
  options: ShareOptions,
  view: ShareView,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const crypto = nodeCrypto();
  const random = nodeRandom();
  let identity = loadHostIdentity(options.profile, crypto, random);
  while (!signal.aborted) {
    const taken = await runOnce(desktop, identity, options, view, log, signal);
    if (taken) identity = renewHostId(options.profile, crypto, random);
  }
}

/** Shares until the person stops the program or the desktop goes away. Rejects with the desktop's error then. */
export async function shareUntilStopped(
  shared: SharedDesktop,
  options: ShareOptions,
  view: ShareView,
  log: Log,
): Promise<void> {
  const stop = new AbortController();
  const sharing = share(shared.desktop, options, view, log, stop.signal);
  try {
    await Promise.race([untilStopped(), sharing, shared.lost]);
  } finally {
    stop.abort();
    await sharing;
  }
}

/** Resolves with whether the ID turned out to be taken. */
async function runOnce(
  desktop: Desktop,
  identity: HostIdentity,
  options: ShareOptions,
  view: ShareView,
  log: Log,
  signal: AbortSignal,
): Promise<boolean> {
  let taken = false;
  const world = {
    crypto: nodeCrypto(),
    random: nodeRandom(),
    compression: nodeCompression(),
    clock: nodeClock(),
    dial,
    openDatagrams: (peer: ServerAddress) => openUdp({ port: 0, peer }),
  };
  const hostOptions = {
    id: identity.id,
    identity: identity.keys,
    uuid: identity.uuid,
    salt: identity.salt,
    passwordLength: 8 as const,
    granted: new Set(["keyboard"] as const),
    allowPlaintext: false,
    idServer: options.idServer,
    serverKey: options.serverKey,
    ...(options.relayServer === undefined ? {} : { relayServer: options.relayServer }),
  };
  const host = new Host(hostOptions, desktop, world, (event) => {
    record(event, log);
    view.happened(event);
    if (event.type === "registered") view.ready(event.id, host.oneTime.value);
    if (event.type === "idTaken") {
      taken = true;
      void host.stop();
    }
  });
  host.oneTime.onChanged((password) => view.ready(identity.id, password));
  const stop = (): void => void host.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await host.run();
  } finally {
    signal.removeEventListener("abort", stop);
    await host.stop();
  }
  return taken;
}

/** Never the password: it is for the terminal only. */
function record(event: HostEvent, log: Log): void {
  switch (event.type) {
    case "viewerJoined":
      log.info("viewer joined", { id: event.viewer.id, name: event.viewer.name, address: event.viewer.address });
      break;
    case "viewerLeft":
      log.info("viewer left", { id: event.viewer.id, why: event.why });
      break;
    case "viewerRefused":
      log.info("viewer refused", { address: event.address, why: event.why });
      break;
    case "unregistered":
      log.warn("not registered", { why: event.why });
      break;
    default:
      log.info(event.type, { id: event.id });
  }
}
