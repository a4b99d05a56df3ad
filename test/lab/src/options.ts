import type { Line } from "./line.ts";
import type { NatKind } from "./nat/behaviours.ts";
import type { Unsolicited } from "./nat/rules.ts";

/** One household: hosts on a network of their own, and the way out of it. */
export interface SideOptions extends Partial<Line> {
  /** What the router does; "port-restricted" is what most do, and is what there is when nothing is said. */
  readonly nat?: NatKind;
  /** A second NAT behind which the router itself is, as many mobile and cable carriers have. Without IPv6 only. */
  readonly carrier?: NatKind;
  /** What the routers do with packets nobody asked for: "drop", or "reject" by their own network stack. */
  readonly unsolicited?: Unsolicited;
  /** Whether the hosts reach each other by the outer address. Not, when nothing is said. */
  readonly hairpin?: boolean;
  /** 1 (as when nothing is said) to MAX_HOSTS. */
  readonly hosts?: number;
  /** Whether its hosts reach each other inside as well: guests of a hotel and customers of a carrier do not. */
  readonly isolated?: boolean;
  readonly ipv4?: boolean;
  /** "firewalled" lets in what was asked for; "open" lets in everything; "none", when nothing is said. */
  readonly ipv6?: "none" | "firewalled" | "open";
}

export interface LabOptions<Name extends string> extends Partial<Line> {
  /** By names of small letters, digits and "-". At most MAX_SIDES. A side's own numbers go before the lab's. */
  readonly sides: Readonly<Record<Name, SideOptions>>;
  /** The servers' line; perfect where nothing is said. */
  readonly server?: Partial<Line>;
  /** Chance is the same for the same seed. */
  readonly seed?: number;
}

/** As many as there are addresses for (plan.ts). */
const MAX_SIDES = 31;
export const MAX_HOSTS = 5;

/** Throws a RangeError for what cannot be built. */
export function checkOptions(options: LabOptions<string>): void {
  const sides = Object.entries<SideOptions>(options.sides);
  if (sides.length > MAX_SIDES) throw new RangeError(`a lab has at most ${MAX_SIDES} sides`);
  for (const [name, { hosts = 1, ipv4 = true, ipv6 = "none", carrier }] of sides) {
    if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) throw new RangeError("a side's name is 1 to 20 of a-z, 0-9 and -");
    if (!(Number.isInteger(hosts) && hosts >= 1 && hosts <= MAX_HOSTS))
      throw new RangeError(`a side has 1 to ${MAX_HOSTS} hosts`);
    if (!ipv4 && ipv6 === "none") throw new RangeError(`${name} has neither IPv4 nor IPv6`);
    if (carrier !== undefined && (ipv6 !== "none" || !ipv4)) throw new RangeError("a carrier's NAT is for IPv4 alone");
  }
}
