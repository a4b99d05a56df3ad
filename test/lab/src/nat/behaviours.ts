/** What RFC 4787 calls the ways of a NAT: when a socket keeps its outer port, and who may answer it. */
export type Mapping = "endpoint-independent" | "address-dependent" | "address-and-port-dependent";
export type Filtering = "endpoint-independent" | "address-dependent" | "address-and-port-dependent";

export type NatKind =
  | "none"
  | "full-cone"
  | "address-restricted"
  | "port-restricted"
  | "symmetric"
  | "udp-blocked"
  | "only-tcp-443";

/** What UDP finds there; "blocked" where nothing passes. TCP is translated alike, where it passes. */
export type Behaviour = { readonly mapping: Mapping; readonly filtering: Filtering } | "blocked";

/** What each kind promises. */
export const BEHAVIOURS: Readonly<Record<NatKind, Behaviour>> = {
  none: { mapping: "endpoint-independent", filtering: "endpoint-independent" },
  "full-cone": { mapping: "endpoint-independent", filtering: "endpoint-independent" },
  "address-restricted": { mapping: "endpoint-independent", filtering: "address-dependent" },
  "port-restricted": { mapping: "endpoint-independent", filtering: "address-and-port-dependent" },
  symmetric: { mapping: "address-and-port-dependent", filtering: "address-and-port-dependent" },
  "udp-blocked": "blocked",
  "only-tcp-443": "blocked",
};

const FILTERINGS: readonly Filtering[] = ["endpoint-independent", "address-dependent", "address-and-port-dependent"];

/** How two NATs one behind the other behave: each as the stricter of the two. */
export function behind(inner: Behaviour, outer: Behaviour): Behaviour {
  if (inner === "blocked" || outer === "blocked") return "blocked";
  const strictest = Math.max(FILTERINGS.indexOf(inner.filtering), FILTERINGS.indexOf(outer.filtering));
  return {
    mapping: inner.mapping === "endpoint-independent" ? outer.mapping : inner.mapping,
    filtering: FILTERINGS[strictest] as Filtering,
  };
}
