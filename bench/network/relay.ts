// npm run bench:relay: how much a relay carries, for how much CPU, and how long it takes, beside proxies in C.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildNative } from "./build.ts";
import { startNginx, startSocat } from "./native-baselines.ts";
import {
  freshPorts,
  LOAD_CPU,
  median,
  type Pinned,
  rounded,
  runLoad,
  SERVER_CPU,
  setting,
  startPinned,
} from "./run.ts";

const REPEATS = setting("REPEATS", 3);
/** Length of one measurement, s. */
const SECONDS = setting("BENCH_SECONDS", 4);
/** What a round trip carries, bytes: about an input event's packet, or a small picture's. */
const PING_SIZE = 1024;
/** Pairs whose memory is measured, and pairs that are there and gone before, so that the code is compiled. */
const IDLE_PAIRS = setting("BENCH_IDLE_PAIRS", 4000);
const EARLIER_PAIRS = 200;
/** After pairs were joined, before memory is read, ms. */
const SETTLE = 5000;
const KEY = "bench-key";

const SYSTEMS = ["direct", "nginx", "socat", "pulpit", "portable"] as const;
type System = (typeof SYSTEMS)[number];
type Measure = "pairs1" | "pairs100" | "ping";
const PAIRS = { pairs1: 1, pairs100: 100 } as const;

interface Bulk {
  readonly megabytesPerSecond: number;
  /** CPU time of the relay for a gigabyte, s. */
  readonly cpuPerGigabyte: number;
  readonly elsewhereSeconds: number;
}
interface Ping {
  readonly p50Us: number;
  readonly p99Us: number;
}
type Figures = Bulk | Ping;

/** What is measured, and how the load generator reaches it. */
interface Target extends AsyncDisposable {
  readonly server: Pinned | undefined;
  readonly port: number;
  readonly way: readonly (string | number)[];
}

await using native = await buildNative();
const ports = freshPorts();

async function open(system: System): Promise<Target> {
  const port = ports.next().value;
  const sink = ports.next().value;
  const started = (server: Pinned, way: Target["way"]): Target => ({
    server,
    port,
    way,
    [Symbol.asyncDispose]: () => server.stop(),
  });
  switch (system) {
    case "direct":
      return { server: undefined, port: sink, way: ["--direct", sink], [Symbol.asyncDispose]: async () => undefined };
    case "nginx":
      return started(await startNginx(port, sink), ["--direct", sink]);
    case "socat":
      return started(await startSocat(port, sink), ["--direct", sink]);
    case "pulpit":
    case "portable": {
      const mode = system === "pulpit" ? "fast" : "portable";
      const args = [join(import.meta.dirname, "serve-relay.ts"), String(port), KEY, mode];
      const server = await startPinned({ path: process.execPath, args, cpu: SERVER_CPU, ready: "ready" });
      return started(server, ["--pulpit", KEY]);
    }
  }
}

async function bulk(system: System, pairs: number): Promise<Bulk> {
  await using target = await open(system);
  const before = target.server?.cpuSeconds() ?? Number.NaN;
  const args = ["bulk", target.port, pairs, SECONDS, ...target.way];
  const { megabytesPerSecond, megabytes, elsewhereSeconds } = await runLoad<{
    megabytesPerSecond: number;
    megabytes: number;
  }>(native.relayLoad, args, target.server);
  const spent = (target.server?.cpuSeconds() ?? Number.NaN) - before;
  // socat's processes took their CPU time with them when they ended; it counts as spent elsewhere.
  const cpuPerGigabyte = system === "socat" ? Number.NaN : rounded(spent / (megabytes / 1000), 3);
  return { megabytesPerSecond, cpuPerGigabyte, elsewhereSeconds };
}

async function ping(system: System): Promise<Ping> {
  await using target = await open(system);
  // Awaited here: the relay ends with this function.
  return await runLoad<Ping>(native.relayLoad, ["ping", target.port, PING_SIZE, SECONDS, ...target.way], target.server);
}

/** Memory of a pair that is joined and silent, bytes. */
async function idle(system: System): Promise<number> {
  await using target = await open(system);
  const joined = (pairs: number): Promise<Pinned> =>
    startPinned({
      path: native.relayLoad,
      args: ["idle", target.port, pairs, 60, ...target.way].map(String),
      cpu: LOAD_CPU,
      ready: "pairs",
    });
  const earlier = await joined(EARLIER_PAIRS);
  await earlier.stop();
  await sleep(SETTLE);
  const before = target.server?.residentBytes() ?? Number.NaN;
  await using _pairs = await joined(IDLE_PAIRS);
  await sleep(SETTLE);
  return ((target.server?.residentBytes() ?? Number.NaN) - before) / IDLE_PAIRS;
}

const runs = new Map<string, Figures[]>();
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const measure of ["pairs1", "pairs100", "ping"] satisfies Measure[]) {
    for (const system of SYSTEMS) {
      const figures = measure === "ping" ? await ping(system) : await bulk(system, PAIRS[measure]);
      runs.set(`${measure} ${system}`, [...(runs.get(`${measure} ${system}`) ?? []), figures]);
      console.log(`${repeat + 1}/${REPEATS} ${measure.padEnd(8)} ${system.padEnd(8)} ${JSON.stringify(figures)}`);
    }
  }
}
const idlePulpit = await idle("pulpit");
const idlePortable = await idle("portable");
const idleNginx = await idle("nginx");

const values = (measure: Measure, system: System, name: keyof Bulk | keyof Ping): number[] =>
  (runs.get(`${measure} ${system}`) ?? []).map((figures) => (figures as Bulk & Ping)[name]);

/** Figures of each repeat put together first: what disturbs the machine disturbs neighbours alike. */
function together(
  measure: Measure,
  [system, other]: readonly [System, System],
  name: keyof Bulk | keyof Ping,
  how: (a: number, b: number) => number,
): number {
  const others = values(measure, other, name);
  return median(values(measure, system, name).map((value, i) => how(value, others[i] ?? Number.NaN)));
}

const toNginx = (measure: Measure, system: System, name: keyof Bulk): number =>
  rounded(
    together(measure, [system, "nginx"], name, (a, b) => a / b),
    3,
  );
const added = (system: System, name: keyof Ping): number =>
  rounded(
    together("ping", [system, "direct"], name, (a, b) => a - b),
    1,
  );
const carried = (
  measure: Measure,
  system: System,
): { megabytesPerSecond: number; ratioToNginx: number; cpuRatioToNginx: number } => ({
  megabytesPerSecond: rounded(median(values(measure, system, "megabytesPerSecond")), 0),
  ratioToNginx: toNginx(measure, system, "megabytesPerSecond"),
  cpuRatioToNginx: toNginx(measure, system, "cpuPerGigabyte"),
});

for (const measure of ["pairs1", "pairs100"] satisfies Measure[]) {
  console.log(`${PAIRS[measure]} pair(s), one way`);
  console.table(
    Object.fromEntries(
      SYSTEMS.map((system) => [
        system,
        {
          ...carried(measure, system),
          cpuPerGigabyte: rounded(median(values(measure, system, "cpuPerGigabyte")), 3),
        },
      ]),
    ),
  );
}
console.log(`round trips of ${PING_SIZE} bytes, which pass the relay twice`);
console.table(
  Object.fromEntries(
    SYSTEMS.map((system) => [
      system,
      {
        "p50 µs": rounded(median(values("ping", system, "p50Us")), 1),
        "p99 µs": rounded(median(values("ping", system, "p99Us")), 1),
        "added p50 µs": added(system, "p50Us"),
        "added p99 µs": added(system, "p99Us"),
      },
    ]),
  ),
);
console.log(
  `an idle pair: pulpit ${rounded(idlePulpit, 0)} bytes, portable ${rounded(idlePortable, 0)} bytes, nginx ${rounded(idleNginx, 0)} bytes`,
);
console.log(
  JSON.stringify({
    pairs1: carried("pairs1", "pulpit"),
    pairs100: carried("pairs100", "pulpit"),
    portable: carried("pairs1", "portable"),
    addedP50Us: added("pulpit", "p50Us"),
    addedP99Us: added("pulpit", "p99Us"),
    bytesPerIdlePair: rounded(idlePulpit, 0),
    bytesPerIdlePairPortable: rounded(idlePortable, 0),
  }),
);
