import { reachOf } from "./address-reach.ts";
import type { Gathered, Heard, OwnPlace } from "./facts.ts";
import type { Outcome } from "./outcomes.ts";

/** What was heard from each STUN server alone, and from both through one socket. */
export interface NetworkFacts {
  readonly own: Heard;
  readonly other: Heard;
  readonly both: Heard;
}

/** Whether datagrams get out and back. */
export function udpOutcome(own: Heard): Outcome & `udp-${string}` {
  if (own === "no-server" || own === "no-webrtc") return `udp-${own}`;
  return outerOf(own).length > 0 || isOpen(own) ? "udp-through" : "udp-none";
}

/** Whether this device has an IPv6 address that the internet knows. */
export function ipv6Outcome(own: Heard): Outcome & `ipv6-${string}` {
  if (typeof own === "string") return "ipv6-untold";
  const known = own.places.some(({ address }) => {
    const reach = reachOf(address);
    return reach?.ipv6 === true && reach.isPublic;
  });
  if (known) return "ipv6-there";
  return own.hidden || own.places.length === 0 ? "ipv6-untold" : "ipv6-none";
}

/** What the router does with ports. */
export function natOutcome({ own, other, both }: NetworkFacts): Outcome & `nat-${string}` {
  if (typeof own === "string") return "nat-untold";
  const outer = outerOf(own);
  if (outer.some(({ address }) => reachOf(address)?.isPublic === false)) return "nat-near";
  if (outer.length === 0) return isOpen(own) ? "nat-none" : "nat-unanswered";
  if (typeof other === "string" || typeof both === "string") return "nat-untold";
  // The same family everywhere: IPv6 seldom has a router that translates, and both have their own sockets.
  for (const ipv6 of [false, true]) {
    const [first, second, together] = [own, other, both].map((heard) => outerOf(heard, ipv6));
    if (!first?.length || !second?.length || !together?.length) continue;
    const changes = hasTwoFaces(together) || count(together) > Math.max(count(first), count(second));
    return changes ? "nat-changing" : "nat-same";
  }
  return "nat-unanswered";
}

/** What it all means for direct connections. */
export function directOutcome(udp: Outcome, ipv6: Outcome, nat: Outcome): Outcome & `direct-${string}` {
  if (udp === "udp-none" || udp === "udp-no-webrtc") return "direct-relay";
  if (udp !== "udp-through") return "direct-unknown";
  if (nat === "nat-near") return "direct-near";
  if (nat === "nat-changing") return ipv6 === "ipv6-there" ? "direct-some-over6" : "direct-some";
  return nat === "nat-same" || nat === "nat-none" ? "direct-likely" : "direct-unsure";
}

/** Where a STUN server sees this device. */
function outerOf({ places }: Gathered, ipv6?: boolean): readonly OwnPlace[] {
  return places.filter(
    ({ kind, address }) => kind === "srflx" && (ipv6 === undefined || reachOf(address)?.ipv6 === ipv6),
  );
}

/** A browser does not say twice what is the device's own address anyway: then there is no router that translates. */
function isOpen({ places, complete }: Gathered): boolean {
  return (
    complete &&
    places.some(({ kind, address }) => {
      const reach = reachOf(address);
      return kind === "host" && reach?.isPublic === true && !reach.ipv6;
    })
  );
}

/** One socket that is seen at two places. Many browsers hide which socket it is. */
function hasTwoFaces(places: readonly OwnPlace[]): boolean {
  const told = places.filter(({ base }) => base !== "");
  return told.some((one) => told.some((two) => one.base === two.base && faceOf(one) !== faceOf(two)));
}

function count(places: readonly OwnPlace[]): number {
  return new Set(places.map(faceOf)).size;
}

function faceOf({ address, port }: OwnPlace): string {
  return `${address} ${port}`;
}
