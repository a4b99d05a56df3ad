import type { HostPolicy } from "@pulpit/host";
import { PERMISSIONS } from "@pulpit/protocol";
import type { HostConfig } from "./host-config.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** The settings as the host understands them. */
export function policyOf(config: HostConfig): HostPolicy {
  return {
    approval: config.approval,
    oneTime: config["one-time-password"],
    oneTimeForm: {
      length: Number(config["one-time-length"]) as 6 | 8 | 10,
      digits: config["one-time-digits"],
    },
    oneTimeRenewal: config["one-time-renewal"],
    permanent: config["permanent-password"],
    clickNeedsCode: config["accept-needs-code"],
    trustFor: config["trust-days"] * DAY,
    acceptWithin: config["accept-seconds"] * SECOND,
    idleAfter: config["idle-minutes"] * MINUTE,
    granted: new Set(PERMISSIONS.filter((permission) => config[`allow-${permission}`])),
    allowedAddresses: config["allowed-addresses"],
    blockedAddresses: config["blocked-addresses"],
    allowedIds: config["allowed-ids"],
    blockedIds: config["blocked-ids"],
  };
}
