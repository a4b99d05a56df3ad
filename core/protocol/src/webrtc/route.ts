import type { CandidatePlace } from "./candidate.ts";

/** One end of the pair of candidates that ICE has chosen. */
export interface Chosen {
  readonly address: string;
  readonly port: number;
  /** Type of the candidate, as the platform calls it; unknown when undefined. */
  readonly kind: string | undefined;
}

/**
 * Whether the chosen pair is a direct path; an unknown one counts as relayed. `relays`: candidates of the other end
 * with a relay's address, since ICE calls them peer-reflexive when their packets come before their names do.
 * Source: docs/protocol/webrtc.md, sections 8.5 and 17, row 14.
 */
export function routeOf(
  pair: { readonly local: Chosen; readonly remote: Chosen } | undefined,
  relays: readonly CandidatePlace[],
): "direct" | "relay" {
  if (pair === undefined) return "relay";
  const { local, remote } = pair;
  if (local.kind === undefined || remote.kind === undefined) return "relay";
  if (local.kind === "relay" || remote.kind === "relay") return "relay";
  const isRelay = relays.some(({ address, port }) => address === remote.address && port === remote.port);
  return isRelay ? "relay" : "direct";
}
