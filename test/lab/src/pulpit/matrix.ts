import { type Machine, openLab } from "../lab.ts";
import type { SideOptions } from "../options.ts";
import { table } from "../table.ts";
import { HOUSEHOLDS, type Household, NEIGHBOURS } from "./households.ts";
import { type Diagnosis, Programs } from "./programs.ts";
import { canBeDirect } from "./theory.ts";

/** Name under which the lab's machines know the server, in both families. */
const SERVER_NAME = "pulpit.test";
/** Pairs at a time: programs, NATs and the network share the processors, and times are measured. */
const CONCURRENCY = 2;
/** Each line's, ms: 50 from one side to the other and back. */
const DELAY = 12.5;

/** The viewer of a pair in one household. */
const NEIGHBOUR = "neighbour";

/** How one pair met. */
export interface Met {
  readonly viewer: string;
  readonly host: string;
  /** A relay is not needed, in theory. */
  readonly directPossible: boolean;
  readonly diagnosis: Diagnosis;
}

export interface PathsFigures {
  readonly pairs: number;
  readonly directPossible: number;
  /** … and met without a relay. */
  readonly direct: number;
  readonly connected: number;
  readonly p95ConnectMs: number;
}

/** Lets real programs of every household meet those of every other. `only`: these pairs, as "viewer×host". */
export async function measurePaths(options: {
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly verbose?: boolean;
  readonly met: (met: Met) => void;
}): Promise<readonly Met[]> {
  const { only, without = [], verbose = false } = options;
  const pairs = allPairs().filter(({ viewer, host }) => only === undefined || only.includes(`${viewer}×${host}`));
  const sides: Record<string, SideOptions> = {};
  for (const { viewer, host } of pairs) {
    const together = NEIGHBOURS[host];
    if (together !== undefined) sides[`n-${host}`] = together.side;
    else {
      sides[`v-${viewer}`] = household(viewer).side;
      sides[`h-${host}`] = household(host).side;
    }
  }
  await using lab = await openLab({ sides, delay: DELAY });
  const { ipv4, ipv6 } = lab.server.addresses;
  await using programs = new Programs({ names: { [SERVER_NAME]: [ipv4[0], ipv6[0]] }, verbose });
  const { key } = await programs.server(lab.server, SERVER_NAME);
  const serverFor = (name: string): { readonly address: string; readonly key: string } => ({
    address: HOUSEHOLDS[name]?.onlyWeb === true ? `wss://${SERVER_NAME}` : SERVER_NAME,
    key,
  });
  const ids = new Map<string, string>();
  for (const host of new Set(pairs.map((pair) => pair.host))) {
    ids.set(host, await programs.host(lab.side(sideOf(host)), serverFor(host)));
  }
  const waiting = [...pairs];
  const results: Met[] = [];
  const work = async (): Promise<void> => {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      const { viewer, host } = pair;
      const id = ids.get(host) as string;
      const together = NEIGHBOURS[host];
      const machine = together === undefined ? lab.side(`v-${viewer}`) : (lab.side(sideOf(host)).hosts[1] as Machine);
      const diagnosis = await programs.doctor(machine, id, serverFor(viewer), without);
      const directPossible = together?.directPossible ?? canBeDirect(household(viewer), household(host));
      const met = { ...pair, directPossible, diagnosis };
      results.push(met);
      options.met(met);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

export function pathsTable(results: readonly Met[]): string {
  const viewers = [...new Set(results.map(({ viewer }) => viewer))];
  const hosts = [...new Set(results.map(({ host }) => host))].filter((host) => NEIGHBOURS[host] === undefined);
  const cell = (viewer: string, host: string): string => {
    const met = results.find((result) => result.viewer === viewer && result.host === host);
    if (met === undefined) return "";
    const { reached, way = "", direct = false, connectMs } = met.diagnosis;
    const missed = met.directPossible && !direct ? "!" : "";
    return reached ? `${missed}${way} ${connectMs}` : "FAILED";
  };
  const names = Object.keys(HOUSEHOLDS);
  const order = (list: readonly string[]): readonly string[] => names.filter((name) => list.includes(name));
  const rows = order(viewers)
    .filter((viewer) => viewer !== NEIGHBOUR)
    .map((viewer) => [viewer, ...order(hosts).map((host) => cell(viewer, host))]);
  const neighbours = results.filter(({ host }) => NEIGHBOURS[host] !== undefined);
  return [
    rows.length === 0 ? "" : table([["viewer \\ host", ...order(hosts)], ...rows]),
    neighbours.length === 0 ? "" : table(neighbours.map(({ viewer, host }) => [host, cell(viewer, host)])),
  ].join("\n");
}

export function pathsFigures(results: readonly Met[]): PathsFigures {
  const possible = results.filter(({ directPossible }) => directPossible);
  const times = results
    .filter(({ diagnosis }) => diagnosis.reached)
    .map(({ diagnosis }) => diagnosis.connectMs)
    .toSorted((a, b) => a - b);
  return {
    pairs: results.length,
    directPossible: possible.length,
    direct: possible.filter(({ diagnosis }) => diagnosis.reached && diagnosis.direct === true).length,
    connected: times.length,
    p95ConnectMs: times[Math.ceil(times.length * 0.95) - 1] ?? 0,
  };
}

function allPairs(): readonly { readonly viewer: string; readonly host: string }[] {
  const names = Object.keys(HOUSEHOLDS);
  return [
    ...names.flatMap((host) => names.map((viewer) => ({ viewer, host }))),
    ...Object.keys(NEIGHBOURS).map((host) => ({ viewer: NEIGHBOUR, host })),
  ];
}

function sideOf(host: string): string {
  return NEIGHBOURS[host] === undefined ? `h-${host}` : `n-${host}`;
}

function household(name: string): Household {
  const found = HOUSEHOLDS[name];
  if (found === undefined) throw new RangeError(`there is no household ${name}`);
  return found;
}
