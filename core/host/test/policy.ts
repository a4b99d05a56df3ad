import { PERMISSIONS } from "@pulpit/protocol";
import type { HostPolicy } from "../src/reception/policy.ts";

const DAY = 24 * 60 * 60_000;

/** An owner who has changed nothing but this, and lets viewers do everything. */
export function policyOf(fields: Partial<HostPolicy> = {}): HostPolicy {
  return {
    approval: "password",
    oneTime: true,
    oneTimeForm: { length: 8, digits: false },
    oneTimeRenewal: "after-use",
    permanent: true,
    clickNeedsCode: false,
    trustFor: 30 * DAY,
    acceptWithin: 30_000,
    idleAfter: 0,
    granted: new Set(PERMISSIONS),
    allowedAddresses: [],
    blockedAddresses: [],
    allowedIds: [],
    blockedIds: [],
    ...fields,
  };
}
