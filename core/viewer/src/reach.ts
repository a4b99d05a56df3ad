import type { Link } from "@pulpit/link";
import { connect } from "./connect.ts";
import type { WayName, WayReport } from "./state.ts";
import type { ViewerTarget, ViewerWorld } from "./viewer.ts";
import { wayReports, waysTried } from "./way-reports.ts";

/** What is told while a host is being reached. */
export interface ReachSteps {
  /** The host was found; these ways to it are tried at once. */
  readonly found: (trying: readonly WayName[]) => void;
  /** A way is open; the host has to prove who it is. May be called more than once. */
  readonly up: () => void;
  /** Asked before anything is sent that matters; throws to stop. */
  readonly checkKey: (hostKey: Uint8Array) => Promise<void>;
}

/** A host at the other end of a link, and how that came about. */
export interface Reached {
  readonly link: Link;
  /** Name of the way, to be avoided after it has broken. */
  readonly name: string;
  /** 32-byte Ed25519 key that the host has proved to hold; undefined where it proves nothing. */
  readonly hostKey: Uint8Array | undefined;
  readonly encrypted: boolean;
  /** How the host is to be called at the login. */
  readonly hostId: string;
  readonly ways: readonly WayReport[];
}

/**
 * Reaches a host, once for each visit. `avoid`: names of ways that have just failed.
 * Rejects with Ended, LinkError, ProtocolError or WireError.
 */
export type Reach = (steps: ReachSteps, signal: AbortSignal, avoid: ReadonlySet<string>) => Promise<Reached>;

/** Through the servers of a target. */
export function reachById(
  target: ViewerTarget,
  world: Pick<ViewerWorld, "dial" | "ways" | "crypto" | "random" | "clock">,
): Reach {
  return async (steps, signal, avoid) => {
    const trying = waysTried(target, world);
    const found = await connect(target, world, { ...steps, found: () => steps.found(trying) }, signal, avoid);
    const { link, name, hostKey } = found;
    const ways = wayReports(found.reports, target, world, avoid);
    return { link, name, hostKey, encrypted: true, hostId: target.hostId, ways };
  };
}
