import type { NatKind } from "../nat/behaviours.ts";
import type { SideOptions } from "../options.ts";

/** A household of the matrix. */
export interface Household {
  readonly side: SideOptions;
  /** What its NATs together are like; undefined without IPv4. */
  readonly actsAs: NatKind | undefined;
  /** Programs there know the server by its web address: nothing gets out to another port. */
  readonly onlyWeb: boolean;
}

const alone = (nat: NatKind, more: SideOptions = {}): Household => ({
  side: { nat, ...more },
  actsAs: nat,
  onlyWeb: false,
});

/** What the matrix has a column and a row for. */
export const HOUSEHOLDS: Readonly<Record<string, Household>> = {
  public: alone("none"),
  "full-cone": alone("full-cone"),
  "address-restricted": alone("address-restricted"),
  "port-restricted": alone("port-restricted"),
  rejecting: alone("port-restricted", { unsolicited: "reject" }),
  symmetric: alone("symmetric"),
  "udp-blocked": alone("udp-blocked"),
  carrier: { side: { nat: "full-cone", carrier: "address-restricted" }, actsAs: "address-restricted", onlyWeb: false },
  "carrier-symmetric": { side: { nat: "port-restricted", carrier: "symmetric" }, actsAs: "symmetric", onlyWeb: false },
  "dual-stack": alone("symmetric", { ipv6: "firewalled" }),
  "only-ipv6": { side: { ipv4: false, ipv6: "firewalled" }, actsAs: undefined, onlyWeb: false },
  "only-tcp-443": { ...alone("only-tcp-443"), onlyWeb: true },
};

/** Two machines of one household, which the server sees at one address. */
export interface Neighbours {
  readonly side: SideOptions;
  readonly directPossible: boolean;
}

export const NEIGHBOURS: Readonly<Record<string, Neighbours>> = {
  "one-network": { side: { hosts: 2 }, directPossible: true },
  // As behind a carrier's NAT, or on a hotel's network: one public address, and no way inside.
  "one-address": { side: { hosts: 2, isolated: true }, directPossible: false },
  "one-hairpin": {
    side: { nat: "full-cone", hosts: 2, isolated: true, hairpin: true },
    directPossible: true,
  },
};
