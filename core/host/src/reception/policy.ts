import { type Approval, idFits, type Millis, NetworkList, type Permission } from "@pulpit/protocol";
import type { OneTimeForm } from "./one-time-password.ts";

/** What the owner of this machine has decided. Asked anew at every decision, so that a change holds at once. */
export interface HostPolicy {
  readonly approval: Approval;
  /** Whether the one-time password lets anybody in. */
  readonly oneTime: boolean;
  readonly oneTimeForm: OneTimeForm;
  /** When the one-time password changes by itself. */
  readonly oneTimeRenewal: "after-use" | "daily" | "manual";
  /** Whether the permanent password, if one is set, lets anybody in. */
  readonly permanent: boolean;
  readonly clickNeedsCode: boolean;
  /** How long a device is trusted, ms; 0: devices are not remembered. */
  readonly trustFor: Millis;
  /** A question to the person is denied after this, ms. */
  readonly acceptWithin: Millis;
  /** A desktop session without any input ends after this, ms; 0: never. */
  readonly idleAfter: Millis;
  readonly granted: ReadonlySet<Permission>;
  /** Addresses and CIDR blocks; empty: everybody may come. */
  readonly allowedAddresses: readonly string[];
  readonly blockedAddresses: readonly string[];
  /** Patterns of IDs; empty: everybody may come. IDs are a viewer's own word. */
  readonly allowedIds: readonly string[];
  readonly blockedIds: readonly string[];
}

/** Whether somebody from there may knock. An address that is not known is on no list, so a list of friends shuts it out. */
export function admitsAddress(policy: HostPolicy, address: string): boolean {
  if (new NetworkList(policy.blockedAddresses).has(address)) return false;
  return policy.allowedAddresses.length === 0 || new NetworkList(policy.allowedAddresses).has(address);
}

export function admitsId(policy: HostPolicy, id: string): boolean {
  if (policy.blockedIds.some((pattern) => idFits(id, pattern))) return false;
  return policy.allowedIds.length === 0 || policy.allowedIds.some((pattern) => idFits(id, pattern));
}
