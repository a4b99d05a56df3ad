import type { NatKind } from "./behaviours.ts";

/**
 * What a NAT does with packets nobody behind it asked for. "reject" is a Linux router without a firewall: who is called
 * before it has called itself is seen by that caller at another port, as if the NAT were symmetric.
 */
export type Unsolicited = "drop" | "reject";

export interface NatRules {
  readonly kind: NatKind;
  /** The NAT's outer IPv4 address. */
  readonly outer: string;
  readonly unsolicited: Unsolicited;
  /** Whether hosts behind it reach each other by its outer address (RFC 4787, section 6). */
  readonly hairpin: boolean;
  /** Whether what comes over IPv6 without being asked for may come in. */
  readonly ipv6Open: boolean;
}

/** How long a NAT keeps a mapping that is not used, s. RFC 4787 asks for 120 and home routers have 30 and more. */
const MAPPING_LIFE = 120;
/** Mappings of one NAT at the most. */
const MAPPING_COUNT = 65_535;
const TRANSLATED = "meta l4proto { tcp, udp }";

/**
 * The nftables rules of a NAT between lan0 and wan0.
 *
 * Linux alone is port-restricted: who was not spoken to has no connection it belongs to. Here two maps are kept beside:
 * `inward`, from an outer port to the socket behind it, which lets more in where the kind does; and `outward`, the
 * other way, which gives a socket the same outer port for whomever it speaks to next.
 */
export function natRules(rules: NatRules): string {
  const translating = rules.kind !== "none";
  return `flush ruleset
table ip nat {
  map inward { type inet_proto . inet_service : ipv4_addr . inet_service; flags dynamic, timeout; timeout ${MAPPING_LIFE}s; size ${MAPPING_COUNT}; }
  map outward { type inet_proto . ipv4_addr . inet_service : ipv4_addr . inet_service; flags dynamic, timeout; timeout ${MAPPING_LIFE}s; size ${MAPPING_COUNT}; }
  set contacted { type inet_proto . inet_service . ipv4_addr; flags dynamic, timeout; timeout ${MAPPING_LIFE}s; size ${MAPPING_COUNT}; }
  chain prerouting { type nat hook prerouting priority dstnat;
    ${lines(translating ? inbound(rules) : [])}
  }
  chain postrouting { type nat hook postrouting priority srcnat;
    ${lines(translating ? outbound(rules) : [])}
  }
  chain remember { type filter hook postrouting priority srcnat + 10;
    ${lines(translating ? remembering() : [])}
  }
}
table ip filter {
  chain input { type filter hook input priority filter;
    ${lines(unasked(rules))}
  }
  chain forward { type filter hook forward priority filter;
    ${lines(allowed(rules.kind))}
  }
}
table ip6 filter {
  chain input { type filter hook input priority filter;
    ${rules.unsolicited === "drop" ? "iifname wan0 meta l4proto != ipv6-icmp ct state new drop" : ""}
  }
  chain forward { type filter hook forward priority filter;
    ${lines(allowed(rules.kind))}
    ${rules.ipv6Open ? "" : `iifname wan0 ct state new ${rules.unsolicited}`}
  }
}
`;
}

function inbound({ kind, outer, hairpin }: NatRules): readonly string[] {
  const inward = "dnat ip to meta l4proto . th dport map @inward";
  const rules: string[] = [];
  if (kind === "full-cone") rules.push(`iifname wan0 ${TRANSLATED} ${inward}`);
  if (kind === "address-restricted")
    rules.push(`iifname wan0 ${TRANSLATED} meta l4proto . th dport . ip saddr @contacted ${inward}`);
  if (hairpin) rules.push(`iifname lan0 ip daddr ${outer} ${TRANSLATED} ${inward}`);
  return rules;
}

function outbound({ kind, outer, hairpin, unsolicited }: NatRules): readonly string[] {
  const same = "snat ip to meta l4proto . ip saddr . th sport map @outward";
  const back = "iifname lan0 oifname lan0 ct status dnat";
  const returning = hairpin ? [`${back} ${TRANSLATED} ${same}`, `${back} snat ip to ${outer}`] : [];
  if (kind === "symmetric") return ["oifname wan0 masquerade fully-random", ...returning];
  // A stranger's packet that the system answered is a connection of the NAT's own with that stranger: Linux then gives
  // the socket another port towards this one, where the rule would find that there is none. The port is kept otherwise.
  if (unsolicited === "reject") return ["oifname wan0 masquerade", ...returning];
  return [
    `oifname wan0 ${TRANSLATED} ${same}`,
    // Another host's socket has this port already.
    `oifname wan0 ${TRANSLATED} meta l4proto . th sport @inward masquerade random`,
    "oifname wan0 masquerade",
    ...returning,
  ];
}

/** After translation, for every packet that leaves: what its socket is called outside, and whom it speaks to. */
function remembering(): readonly string[] {
  const own = "ct direction original";
  const socket = "ct original ip saddr . ct original proto-src";
  return [
    `oifname wan0 ${TRANSLATED} ${own} update @inward { meta l4proto . th sport : ${socket} }`,
    `oifname wan0 ${TRANSLATED} ${own} update @outward { meta l4proto . ${socket} : ip saddr . th sport }`,
    `oifname wan0 ${TRANSLATED} update @contacted { meta l4proto . th sport . ip daddr }`,
  ];
}

/** For the NAT itself. Without a rule the system answers: with a reset, or that the port cannot be reached. */
function unasked({ unsolicited, outer }: NatRules): readonly string[] {
  return unsolicited === "reject"
    ? []
    : ["iifname wan0 ct state new drop", `iifname lan0 ip daddr ${outer} ct state new drop`];
}

function allowed(kind: NatKind): readonly string[] {
  if (kind === "udp-blocked") return ["meta l4proto udp drop"];
  if (kind !== "only-tcp-443") return [];
  return ["ct state established accept", "iifname lan0 tcp dport 443 accept", "meta l4proto { tcp, udp } drop"];
}

function lines(rules: readonly string[]): string {
  return rules.join("\n    ");
}
