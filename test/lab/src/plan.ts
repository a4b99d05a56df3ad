import type { NatKind } from "./nat/behaviours.ts";
import { MAX_HOSTS, type SideOptions } from "./options.ts";

/** An address and how many of its bits are the network's. */
export interface Place {
  readonly address: string;
  readonly prefix: number;
}

export interface HostPlan {
  readonly namespace: string;
  readonly ipv4: Place | undefined;
  readonly ipv6: Place | undefined;
}

/** A router: hosts or another router at its lan0, the way out at its wan0. */
export interface RouterPlan {
  readonly namespace: string;
  readonly kind: NatKind;
  readonly lan: readonly Place[];
  readonly wan: readonly Place[];
  /** Where everything goes that is not for the networks it knows; undefined where it is part of the internet. */
  readonly gateway: string | undefined;
}

export interface SidePlan {
  readonly name: string;
  readonly hosts: readonly HostPlan[];
  /** From the hosts outwards. */
  readonly routers: readonly RouterPlan[];
  /** How the rest of the internet reaches what is not translated. */
  readonly routes: readonly { readonly network: string; readonly via: string }[];
}

export interface ServerPlan {
  readonly namespace: string;
  readonly places: readonly Place[];
}

/** The internet of a lab is one network with documentation's addresses (RFC 5737, RFC 3849). */
const internet4 = (n: number): Place => ({ address: `203.0.113.${n}`, prefix: 24 });
const internet6 = (n: number): Place => ({ address: `2001:db8::${n}`, prefix: 64 });
const SERVER_NUMBERS = [10, 11] as const;
const FIRST_SIDE_NUMBER = 20;
const HOST_NUMBERS = Array.from({ length: MAX_HOSTS }, (_, i) => i + 2);
/** Public hosts have a network of eight addresses for each side. */
const PUBLIC_SIZE = 8;

/** Both servers' addresses in a family: first the one that is asked, then the other. */
export const SERVER_ADDRESSES: Readonly<Record<"ipv4" | "ipv6", readonly [string, string]>> = {
  ipv4: [internet4(SERVER_NUMBERS[0]).address, internet4(SERVER_NUMBERS[1]).address],
  ipv6: [internet6(SERVER_NUMBERS[0]).address, internet6(SERVER_NUMBERS[1]).address],
};

export function planServer(prefix: string): ServerPlan {
  return {
    namespace: `${prefix}-server`,
    places: SERVER_NUMBERS.flatMap((n) => [internet4(n), internet6(n)]),
  };
}

/** Where everything of a side is; `index` is 0 for the first side. */
export function planSide(prefix: string, name: string, index: number, options: SideOptions): SidePlan {
  const { nat = "port-restricted", carrier, hosts = 1, ipv4 = true, ipv6 = "none" } = options;
  const numbers = HOST_NUMBERS.slice(0, hosts);
  const at4 = (n: number): Place =>
    nat === "none"
      ? { address: `198.51.100.${index * PUBLIC_SIZE + n}`, prefix: 29 }
      : { address: `192.168.${index + 1}.${n}`, prefix: 24 };
  const at6 = (n: number): Place => ({ address: `2001:db8:${index + 1}::${n}`, prefix: 64 });
  const both = (n: number, four: (n: number) => Place, six: (n: number) => Place): readonly Place[] => [
    ...(ipv4 ? [four(n)] : []),
    ...(ipv6 === "none" ? [] : [six(n)]),
  ];
  const outside = both(FIRST_SIDE_NUMBER + index, internet4, internet6);
  const between = (n: number): Place => ({ address: `100.64.${index}.${n}`, prefix: 24 });
  const home: RouterPlan = {
    namespace: `${prefix}-${name}-nat`,
    kind: nat,
    lan: both(1, at4, at6),
    wan: carrier === undefined ? outside : [between(2)],
    gateway: carrier === undefined ? undefined : between(1).address,
  };
  const second: RouterPlan[] =
    carrier === undefined
      ? []
      : [
          {
            namespace: `${prefix}-${name}-carrier`,
            kind: carrier,
            lan: [between(1)],
            wan: outside,
            gateway: undefined,
          },
        ];
  const [wan4, wan6] = [internet4(FIRST_SIDE_NUMBER + index).address, internet6(FIRST_SIDE_NUMBER + index).address];
  return {
    name,
    hosts: numbers.map((n, i) => ({
      namespace: `${prefix}-${name}-host${i + 1}`,
      ipv4: ipv4 ? at4(n) : undefined,
      ipv6: ipv6 === "none" ? undefined : at6(n),
    })),
    routers: [home, ...second],
    routes: [
      ...(ipv4 && nat === "none" ? [{ network: `198.51.100.${index * PUBLIC_SIZE}/29`, via: wan4 }] : []),
      ...(ipv6 === "none" ? [] : [{ network: `2001:db8:${index + 1}::/64`, via: wan6 }]),
    ],
  };
}
