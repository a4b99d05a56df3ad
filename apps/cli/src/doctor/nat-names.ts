import type { NatFiltering, NatFindings, NatMapping } from "@pulpit/protocol";

/** The names of RFC 4787, sections 4.1 and 5. Two ports of one address do not tell the first two apart. */
type Behaviour = "endpoint-independent-or-address-dependent" | "address-and-port-dependent" | "unknown";

/** A NAT, as far as one server can tell. */
export interface Nat {
  readonly mapping: Behaviour;
  readonly filtering: Behaviour;
}

const MAPPINGS: Readonly<Record<NatMapping, Behaviour>> = {
  kept: "endpoint-independent-or-address-dependent",
  same: "endpoint-independent-or-address-dependent",
  changing: "address-and-port-dependent",
  unknown: "unknown",
};

const FILTERINGS: Readonly<Record<NatFiltering, Behaviour>> = {
  "open-to-other-ports": "endpoint-independent-or-address-dependent",
  strict: "address-and-port-dependent",
  unknown: "unknown",
};

/** Undefined where nothing is translated, or nothing answered. */
export function natOf({ translation, mapping, filtering }: NatFindings): Nat | undefined {
  return translation === "seen" ? { mapping: MAPPINGS[mapping], filtering: FILTERINGS[filtering] } : undefined;
}
