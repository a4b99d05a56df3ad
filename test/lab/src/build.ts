import { run } from "./command.ts";
import { isIpv6 } from "./endpoint.ts";
import { natRules } from "./nat/rules.ts";
import type { SideOptions } from "./options.ts";
import type { Place, RouterPlan, ServerPlan, SidePlan } from "./plan.ts";

/** Frames the system keeps for the switch while it is busy. */
const DEVICE_QUEUE = 5000;

/** Connects hosts with their routers, and routers with each other. The namespaces exist and are empty. */
export async function buildInside(side: SidePlan, isolated: boolean): Promise<void> {
  const inner = side.routers[0] as RouterPlan;
  const cables = side.hosts.flatMap(({ namespace }, i) => [
    `link add port${i} type veth peer name eth0 netns ${namespace}`,
    `link set port${i} master lan0 up`,
    ...(isolated ? [`link set port${i} type bridge_slave isolated on`] : []),
  ]);
  await configure(inner.namespace, [
    "link add lan0 type bridge",
    "link set lan0 up",
    ...cables,
    ...places(inner.lan, "lan0"),
  ]);
  await Promise.all(
    side.hosts.map(({ namespace, ipv4, ipv6 }) => {
      const own = [ipv4, ipv6].filter((place) => place !== undefined);
      const ways = inner.lan.map(({ address }) => `route add default via ${address}`);
      return configure(namespace, ["link set eth0 up", ...places(own, "eth0"), ...ways]);
    }),
  );
  const outer = side.routers[1];
  if (outer === undefined) return;
  await configure(outer.namespace, [
    `link add lan0 type veth peer name wan0 netns ${inner.namespace}`,
    "link set lan0 up",
    ...places(outer.lan, "lan0"),
  ]);
  await configure(inner.namespace, [
    "link set wan0 up",
    ...places(inner.wan, "wan0"),
    `route add default via ${inner.gateway}`,
  ]);
}

/** Gives the devices of the switch their addresses and everybody the routes to everybody. */
export async function buildInternet(server: ServerPlan, sides: readonly SidePlan[]): Promise<void> {
  const up = [`link set wan0 txqueuelen ${DEVICE_QUEUE}`, "link set wan0 up"];
  const waysTo = (others: readonly SidePlan[], own: readonly Place[]): readonly string[] =>
    others.flatMap(({ routes }) =>
      routes
        .filter(({ via }) => own.some(({ address }) => isIpv6(address) === isIpv6(via)))
        .map(({ network, via }) => `route add ${network} via ${via}`),
    );
  await Promise.all([
    configure(server.namespace, [...up, ...places(server.places, "wan0"), ...waysTo(sides, server.places)]),
    ...sides.map((side) => {
      const { namespace, wan } = side.routers.at(-1) as RouterPlan;
      const others = sides.filter((other) => other !== side);
      return configure(namespace, [...up, ...places(wan, "wan0"), ...waysTo(others, wan)]);
    }),
  ]);
}

/** Makes routers of them: they forward, and translate by the rules of their kind. Again, to change the kind. */
export async function buildNat({ routers }: SidePlan, options: SideOptions): Promise<void> {
  const { unsolicited = "drop", hairpin = false, ipv6 = "none" } = options;
  await Promise.all(
    routers.map(async ({ namespace, kind, wan }) => {
      const outer = wan.find(({ address }) => !isIpv6(address))?.address ?? UNUSED;
      const rules = natRules({ kind, outer, unsolicited, hairpin, ipv6Open: ipv6 === "open" });
      await run("ip", ["netns", "exec", namespace, "nft", "-f", "-"], rules);
      await run("ip", ["netns", "exec", namespace, "sh", "-e"], FORWARDING);
    }),
  );
}

/** For a namespace that has no devices yet: what IPv6 of them does by itself. */
export async function prepareIpv6(namespace: string, wanted: boolean): Promise<void> {
  const defaults = `${SYSCTL}/ipv6/conf/default`;
  // Without the search for duplicates, and without asking for routers, which takes seconds and finds nobody.
  const quiet = `echo 0 > ${defaults}/accept_dad\necho 0 > ${defaults}/router_solicitations\n`;
  const settings = wanted ? quiet : `echo 1 > ${defaults}/disable_ipv6\n`;
  await run("ip", ["netns", "exec", namespace, "sh", "-e"], settings);
}

/** For rules where there is no IPv4: an address nobody has (RFC 5737). */
const UNUSED = "192.0.2.1";
const SYSCTL = "/proc/sys/net";
/**
 * Mappings without an answer live 30 s, as Linux routers have it. What the router turns around it translates: nobody is
 * told of a shorter way past it, and its switch does not look into packets.
 */
const FORWARDING = `echo 1 > ${SYSCTL}/ipv4/ip_forward
for device in all default lan0; do echo 0 > ${SYSCTL}/ipv4/conf/$device/send_redirects; done
if [ -e ${SYSCTL}/bridge ]; then echo 0 > ${SYSCTL}/bridge/bridge-nf-call-iptables; fi
echo 1 > ${SYSCTL}/ipv6/conf/all/forwarding
echo 30 > ${SYSCTL}/netfilter/nf_conntrack_udp_timeout
echo 0 > ${SYSCTL}/netfilter/nf_conntrack_tcp_be_liberal
`;

function places(list: readonly Place[], device: string): readonly string[] {
  // Addresses are the lab's own, so nobody else can have one: "nodad" makes them usable at once.
  return list.map(
    ({ address, prefix }) => `addr add ${address}/${prefix} dev ${device}${isIpv6(address) ? " nodad" : ""}`,
  );
}

async function configure(namespace: string, commands: readonly string[]): Promise<void> {
  await run("ip", ["-n", namespace, "-batch", "-"], `${commands.join("\n")}\n`);
}
