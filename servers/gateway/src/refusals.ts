import type { OffenderLog } from "@pulpit/link-node";
import type { GatewayRefusal } from "./metrics.ts";

/** Who was turned away, and why: counted all, told some. */
export class Refusals {
  readonly counts: Record<GatewayRefusal, number> = {
    full: 0,
    "address-full": 0,
    malformed: 0,
    "foreign-origin": 0,
    "unknown-path": 0,
    insecure: 0,
    busy: 0,
    draining: 0,
  };
  readonly #log: OffenderLog;

  constructor(log: OffenderLog) {
    this.#log = log;
  }

  count(address: string, why: GatewayRefusal): void {
    this.counts[why] += 1;
    this.#log.report("request refused", address, { why });
  }
}
