import { constantTimeEqual, fingerprint } from "@pulpit/protocol";
import { Ended } from "./end.ts";
import type { KnownHosts } from "./ports/known-hosts.ts";

/** Under what a host is remembered: who vouches for it, and its name there. */
export interface PinPlace {
  readonly serverKey: string;
  readonly hostId: string;
}

/** Where hosts are remembered that nobody vouches for; their name is an address. No server has this for a key. */
export const NO_SERVER = "direct";

/**
 * Trust on first use: another key than the pinned one ends the attempt, unless just this one was accepted.
 * Where no server vouches for a host, the person has to accept the first one, too.
 * `accepted`: fingerprint. @throws Ended key-changed, key-unknown
 */
export async function checkPin(
  knownHosts: KnownHosts,
  { serverKey, hostId }: PinPlace,
  hostKey: Uint8Array,
  accepted: string | undefined,
): Promise<void> {
  const pinned = await knownHosts.get(serverKey, hostId);
  if (pinned !== undefined && constantTimeEqual(pinned, hostKey)) return;
  const offered = fingerprint(hostKey);
  if (accepted === offered) return;
  if (pinned !== undefined) throw new Ended({ code: "key-changed", pinned: fingerprint(pinned), offered });
  if (serverKey === NO_SERVER) throw new Ended({ code: "key-unknown", offered });
}
