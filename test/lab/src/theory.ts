import type { Transport } from "./agent/orders.ts";
import { BEHAVIOURS, type Behaviour, type NatKind } from "./nat/behaviours.ts";

/**
 * Pairs of NATs through which no hole can be punched: each packet of a symmetric one comes from a port the other side
 * was not told of, and is let in only where the port does not matter. True for UDP where both ends learn from the
 * first packet where the other one is, and for TCP where both listen and connect from the same port.
 */
const HOPELESS: readonly (readonly [NatKind, NatKind])[] = [
  ["symmetric", "symmetric"],
  ["symmetric", "port-restricted"],
];

/** Whether hosts behind these two can reach each other without a relay, in theory. */
export function canPunch(a: NatKind, b: NatKind, transport: Transport): boolean {
  const [one, other] = [asOpen(a, transport), asOpen(b, transport)];
  if (behaviour(one) === "blocked" || behaviour(other) === "blocked") return false;
  return !HOPELESS.some(([x, y]) => (x === one && y === other) || (x === other && y === one));
}

/** TCP passes where UDP is blocked, as through any other home's router. */
function asOpen(kind: NatKind, transport: Transport): NatKind {
  return transport === "tcp" && kind === "udp-blocked" ? "port-restricted" : kind;
}

function behaviour(kind: NatKind): Behaviour {
  return BEHAVIOURS[kind];
}
