import type { ChildProcess, SpawnOptions } from "node:child_process";
import { randomInt } from "node:crypto";
import { whyNoLab } from "./availability.ts";
import { buildInside, buildInternet, buildNat, prepareIpv6 } from "./build.ts";
import { whenProcessEnds } from "./ending.ts";
import { isIpv6 } from "./endpoint.ts";
import { changedLine, type Line, PERFECT } from "./line.ts";
import { addNamespace, removeNamespaces, removeNamespacesNow, sweepStaleNamespaces } from "./namespaces.ts";
import { checkOptions, type LabOptions, type SideOptions } from "./options.ts";
import { planServer, planSide, type RouterPlan, SERVER_ADDRESSES, type SidePlan } from "./plan.ts";
import { Residents } from "./residents.ts";
import { openSwitch } from "./switch/open-switch.ts";
import type { Counters } from "./switch/thread-task.ts";

/** Something a program can run on. */
export interface Machine {
  /** Its address in its own network: IPv4, or IPv6 where there is no other. */
  readonly address: string;
  readonly ipv6: string | undefined;
  /** Starts a program there, with options of node:child_process. It is killed when the lab ends. */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess;
}

export interface Side extends Machine {
  /** The IPv4 address the rest of the internet sees; undefined where it sees only IPv6. */
  readonly publicAddress: string | undefined;
  /** All its hosts; the side itself is the first one. */
  readonly hosts: readonly Machine[];
}

export interface Server extends Machine {
  /** Its two public addresses in each family. */
  readonly addresses: Readonly<Record<"ipv4" | "ipv6", readonly [string, string]>>;
}

export interface Lab<Name extends string> extends AsyncDisposable {
  readonly server: Server;
  side(name: Name): Side;
  /** Changes the lines while they are in use: one side's, or those of all sides. */
  change(change: Partial<Line>, side?: Name): void;
  /** What has passed a side's line so far. */
  counters(side: Name): Counters;
}

/** Builds a lab; an error with the reason where it cannot be (see whyNoLab). Disposing of it removes everything. */
export async function openLab<const Name extends string>(options: LabOptions<Name>): Promise<Lab<Name>> {
  checkOptions(options);
  const missing = whyNoLab();
  if (missing !== undefined) throw new Error(missing);
  await sweepStaleNamespaces();
  const prefix = `pulpit-${process.pid}-${randomInt(2 ** 31)}`;
  const names = Object.keys(options.sides) as Name[];
  const server = planServer(prefix);
  const sides = names.map((name, i) => planSide(prefix, name, i, options.sides[name]));
  const namespaces = [server.namespace, ...sides.flatMap(namespacesOf)];

  await using opened = new AsyncDisposableStack();
  opened.use(whenProcessEnds(() => removeNamespacesNow(namespaces)));
  opened.defer(() => removeNamespaces(namespaces));
  await Promise.all([
    addNamespace(server.namespace).then(() => prepareIpv6(server.namespace, true)),
    ...sides.map((side, i) => buildSide(side, options.sides[names[i] as Name])),
  ]);
  const ports = [
    { namespace: server.namespace, device: "wan0", line: changedLine(PERFECT, options.server ?? {}) },
    ...sides.map(({ routers }, i) => ({
      namespace: (routers.at(-1) as RouterPlan).namespace,
      device: "wan0",
      line: changedLine(changedLine(PERFECT, options), options.sides[names[i] as Name]),
    })),
  ];
  const network = opened.use(await openSwitch(ports, options.seed ?? 1));
  await buildInternet(server, sides);
  const residents = opened.use(new Residents());
  const machines = sides.map((side) => sideMachine(side, residents));
  const all = opened.move();

  const indexOf = (name: Name): number => {
    const index = names.indexOf(name);
    if (index === -1) throw new RangeError(`there is no side ${name}`);
    return index;
  };
  return {
    server: {
      address: SERVER_ADDRESSES.ipv4[0],
      ipv6: SERVER_ADDRESSES.ipv6[0],
      addresses: SERVER_ADDRESSES,
      spawn: residents.spawner(server.namespace),
    },
    side: (name) => machines[indexOf(name)] as Side,
    change(change, side) {
      for (const name of side === undefined ? names : [side]) network.change(indexOf(name) + 1, change);
    },
    counters: (name) => network.counters(indexOf(name) + 1),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function buildSide(side: SidePlan, options: SideOptions): Promise<void> {
  await Promise.all(
    namespacesOf(side).map(async (namespace) => {
      await addNamespace(namespace);
      await prepareIpv6(namespace, (options.ipv6 ?? "none") !== "none");
    }),
  );
  await buildInside(side, options.isolated ?? false);
  await buildNat(side, options);
}

function namespacesOf({ hosts, routers }: SidePlan): readonly string[] {
  return [...hosts, ...routers].map(({ namespace }) => namespace);
}

function sideMachine({ hosts, routers }: SidePlan, residents: Residents): Side {
  const machines = hosts.map(
    ({ namespace, ipv4, ipv6 }): Machine => ({
      address: (ipv4 ?? ipv6)?.address ?? "",
      ipv6: ipv6?.address,
      spawn: residents.spawner(namespace),
    }),
  );
  const first = machines[0] as Machine;
  const translated = routers.some(({ kind }) => kind !== "none");
  const outer = routers.at(-1)?.wan.find(({ address }) => !isIpv6(address))?.address;
  return { ...first, publicAddress: translated ? outer : hosts[0]?.ipv4?.address, hosts: machines };
}
