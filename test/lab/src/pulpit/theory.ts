import { canPunch } from "../theory.ts";
import type { Household } from "./households.ts";

/** Whether two households can reach each other without a relay, in theory: by one of the ways Pulpit has. */
export function canBeDirect(viewer: Household, host: Household): boolean {
  const over6 = (viewer.side.ipv6 ?? "none") !== "none" && (host.side.ipv6 ?? "none") !== "none";
  if (over6) return true;
  const [a, b] = [viewer.actsAs, host.actsAs];
  if (a === undefined || b === undefined) return false;
  return canPunch(a, b, "udp") || canPunch(a, b, "tcp");
}
