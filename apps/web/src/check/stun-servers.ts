import type { IceServer } from "@pulpit/protocol";
import type { ServerConfig } from "../state/server-config.ts";

/** Whom the network is checked with. */
export interface StunServers {
  readonly own: IceServer | undefined;
  /** Another port of the server: what it sees is compared with what `own` sees. */
  readonly other: IceServer | undefined;
}

/** TURN is left out: it would want credentials, and says nothing more. */
export function stunServersOf({ iceServers, natTest }: ServerConfig): StunServers {
  const own = iceServers.find(({ scheme }) => scheme === "stun") ?? natTest;
  const isOwn = own?.host === natTest?.host && own?.port === natTest?.port;
  return { own, other: isOwn ? undefined : natTest };
}
