import { BEHAVIOURS, type Behaviour, behind, type NatKind } from "./nat/behaviours.ts";
import type { SideOptions } from "./options.ts";

/** A household as it occurs, and what can be said of its way out. */
export interface Scenario {
  readonly side: SideOptions;
  /** What its NATs together are like. */
  readonly actsAs: NatKind;
  readonly udp: Behaviour;
}

const alone = (nat: NatKind): Scenario => ({ side: { nat }, actsAs: nat, udp: BEHAVIOURS[nat] });
const twice = (nat: NatKind, carrier: NatKind, actsAs: NatKind): Scenario => ({
  side: { nat, carrier },
  actsAs,
  udp: behind(BEHAVIOURS[nat], BEHAVIOURS[carrier]),
});

/** What the matrix has a row and a column for. All of them have IPv4. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  public: alone("none"),
  "full-cone": alone("full-cone"),
  "address-restricted": alone("address-restricted"),
  "port-restricted": alone("port-restricted"),
  symmetric: alone("symmetric"),
  "udp-blocked": alone("udp-blocked"),
  "only-tcp-443": alone("only-tcp-443"),
  carrier: twice("full-cone", "address-restricted", "address-restricted"),
  "carrier-symmetric": twice("port-restricted", "symmetric", "symmetric"),
};
