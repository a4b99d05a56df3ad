import type { ProxySetting } from "@pulpit/link-node";
import type { KnownHostList } from "@pulpit/profile-node";
import type { Target } from "@pulpit/protocol";
import { type BridgeWish, checkPin, type Reach, reachByAddress, reachById } from "@pulpit/viewer";
import type { KnownServer } from "../reaching/known-server.ts";
import { reachingWorld, targetOf } from "../reaching/reaching-world.ts";

/** Whom to reach, and what the person has decided about it. */
export interface Errand {
  readonly target: Target;
  /** Of an ID. */
  readonly server: KnownServer | undefined;
  readonly proxy: ProxySetting | undefined;
  /** Go on with a host that does not encrypt. */
  readonly unencrypted: boolean;
}

/** How the host of an errand is reached, for one visit; keys are remembered in the profile of this computer. */
export function reachingFor(errand: Errand, knownHosts: KnownHostList): (wish: BridgeWish) => Reach {
  const { target, server, proxy, unencrypted } = errand;
  const world = { ...reachingWorld(server, proxy), knownHosts };
  if (target.type === "address") {
    const { host, port } = target;
    return ({ accepted }) => reachByAddress({ address: { host, port }, allowPlaintext: unencrypted }, world, accepted);
  }
  if (server === undefined) throw new RangeError("an ID without a server");
  const place = { serverKey: server.key, hostId: target.id };
  return ({ accepted, relayOnly }) => {
    const reach = reachById({ ...targetOf(target.id, server), relayOnly: relayOnly || target.relay }, world);
    return async (steps, signal, avoid) => {
      const checkKey = (key: Uint8Array): Promise<void> => checkPin(knownHosts, place, key, accepted);
      const reached = await reach({ ...steps, checkKey }, signal, avoid);
      if (reached.hostKey !== undefined) await knownHosts.set(place.serverKey, place.hostId, reached.hostKey);
      return reached;
    };
  };
}
