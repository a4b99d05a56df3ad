import { nodeCompression, nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { openX11Desktop, startVirtualDesktop } from "@pulpit/desktop-linux";
import { AddressHost, type HostPolicy, type HostSecrets, Reception } from "@pulpit/host";
import { nodeClock } from "@pulpit/link-node";
import { type KeyPair, PERMISSIONS } from "@pulpit/protocol";
import { openVideoSource } from "@pulpit/video-pipeline";
import { start, stop } from "../e2e/processes.ts";
import { startScene } from "../e2e/scenes.ts";
import { DESKTOP } from "../e2e/settings.ts";
import { openLink } from "./open-link.ts";
import type { EndOrders } from "./orders.ts";

/** Of every measured host. */
export const HOST_ID = "123456789";
export const PASSWORD = "measured twice, cut once";
export const IDENTITY: KeyPair = nodeCrypto().signKeyPair(new Uint8Array(32).fill(7));

const POLICY: HostPolicy = {
  approval: "password",
  oneTime: false,
  oneTimeForm: { length: 8, digits: false },
  oneTimeRenewal: "manual",
  permanent: true,
  clickNeedsCode: false,
  trustFor: 0,
  acceptWithin: 30_000,
  idleAfter: 0,
  granted: new Set(PERMISSIONS),
  allowedAddresses: [],
  blockedAddresses: [],
  allowedIds: [],
  blockedIds: [],
};

/** Shares a desktop on which lines scroll, as the real host does, on one link. Resolves when the viewer has gone. */
export async function share(orders: EndOrders): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { display } = stack.use(await startVirtualDesktop({ ...DESKTOP, bare: true }));
  const manager = start("openbox", [], { DISPLAY: display });
  stack.defer(() => stop(manager));
  stack.defer(await startScene("scrolling", display));
  const desktop = stack.use(await openX11Desktop({ display, openVideo: openVideoSource }));
  const over = Promise.withResolvers<void>();
  const world = { crypto: nodeCrypto(), random: nodeRandom(), compression: nodeCompression(), clock: nodeClock() };
  const reception = new Reception({
    ...world,
    wall: Date.now,
    policy: () => POLICY,
    secrets: secretsInMemory(),
    salt: "of the bench",
    onEvent(event) {
      if (event.type === "viewerLeft") over.resolve();
      if (event.type === "viewerRefused") over.reject(new Error(`the viewer was refused: ${event.why}`));
    },
    onChanged: () => undefined,
    onCounted: () => undefined,
    onFault: () => undefined,
  });
  reception.credentials.setPermanent(PASSWORD);
  const shared = { world, options: { id: HOST_ID, identity: IDENTITY, allowPlaintext: false }, desktop, reception };
  const direct = { port: 0, networks: [orders.peer], unencrypted: false };
  const host = new AddressHost(shared, direct, async (port, arrived) => {
    void openLink(orders).then((link) => arrived(link, orders.peer));
    return { port, close: async () => undefined };
  });
  stack.defer(() => host.stop());
  await host.run();
  await over.promise;
}

function secretsInMemory(): ConstructorParameters<typeof Reception>[0]["secrets"] {
  let kept: HostSecrets = { trusted: [] };
  return {
    load: () => kept,
    save(secrets) {
      kept = secrets;
    },
  };
}
