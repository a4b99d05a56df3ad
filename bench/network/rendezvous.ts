// npm run bench:rendezvous: how many devices an ID server keeps up with, beside the least that C can do, in one run.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildNative } from "./build.ts";
import { startRegisterEcho } from "./native-baselines.ts";
import { freshPorts, median, type Pinned, rounded, runLoad, SERVER_CPU, setting, startPinned } from "./run.ts";

const REPEATS = setting("REPEATS", 3);
/** Length of one measurement, s. */
const SECONDS = setting("BENCH_SECONDS", 5);
/** Requests that wait for an answer at a time, and devices they are of. */
const IN_FLIGHT = 64;
const PEERS = setting("BENCH_PEERS", 10_000);
const SOCKETS = 1;
/** A measurement is taken anew while others used this share of one processor meanwhile … */
const DISTURBED = 0.1;
/** … so often; then the least disturbed one counts. */
const ATTEMPTS = setting("BENCH_ATTEMPTS", 5);
/** Devices whose memory is measured. */
const MANY = setting("BENCH_DEVICES", 1_000_000);
/** After a server got its devices, before its memory is read, ms: garbage is none of what they need. */
const SETTLE = 10_000;

const SYSTEMS = ["recvfrom", "recvmmsg", "pulpit", "portable"] as const;
type System = (typeof SYSTEMS)[number];

interface Figures {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly lost: number;
  /** Answers to devices that the server did not know, although they had registered. */
  readonly strangers: number;
  readonly cpuSeconds: number;
}
type Measured = Figures & { readonly elsewhereSeconds: number };

await using native = await buildNative();
const ports = freshPorts();

function start(system: System, port: number): Promise<Pinned> {
  if (system === "recvfrom" || system === "recvmmsg") return startRegisterEcho(native, system, port);
  const args = [
    join(import.meta.dirname, "serve-rendezvous.ts"),
    String(port),
    system === "pulpit" ? "fast" : "portable",
  ];
  return startPinned({ path: process.execPath, args, cpu: SERVER_CPU, ready: "ready" });
}

const load = (server: Pinned, port: number, seconds: number, peers: number): Promise<Measured> =>
  runLoad<Figures>(native.registerLoad, [port, seconds, IN_FLIGHT, SOCKETS, peers, "--register"], server);

async function speed(system: System): Promise<Measured> {
  let best: Measured | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = ports.next().value;
    await using server = await start(system, port);
    const figures = await load(server, port, SECONDS, PEERS);
    if (figures.strangers > 0) throw new Error(`${system} forgot ${figures.strangers} devices that had registered`);
    if (best === undefined || figures.elsewhereSeconds < best.elsewhereSeconds) best = figures;
    if (best.elsewhereSeconds < DISTURBED * SECONDS) break;
  }
  if (best === undefined) throw new Error("nothing was measured");
  return best;
}

/** Memory that one of many devices needs, bytes. */
async function memory(system: System): Promise<number> {
  const port = ports.next().value;
  await using server = await start(system, port);
  const before = server.residentBytes();
  await load(server, port, 0, MANY);
  await sleep(SETTLE);
  return (server.residentBytes() - before) / MANY;
}

const runs: Record<System, Figures[]> = { recvfrom: [], recvmmsg: [], pulpit: [], portable: [] };
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const system of SYSTEMS) {
    const figures = await speed(system);
    runs[system].push(figures);
    console.log(`${repeat + 1}/${REPEATS} ${system.padEnd(9)} ${JSON.stringify(figures)}`);
  }
}
const bytesPerDevice = await memory("pulpit");

const middle = (system: System, name: keyof Figures): number => median(runs[system].map((figures) => figures[name]));
/** Of each repeat first: what disturbs the machine disturbs neighbours alike. */
const ratio = (system: System, to: System): number =>
  rounded(median(runs[system].map(({ perSecond }, i) => perSecond / (runs[to][i]?.perSecond ?? Number.NaN))), 3);

console.table(
  Object.fromEntries(
    SYSTEMS.map((system) => [
      system,
      {
        "answers/s": rounded(middle(system, "perSecond"), 0),
        "of recvfrom": ratio(system, "recvfrom"),
        "of recvmmsg": ratio(system, "recvmmsg"),
        "p50 µs": rounded(middle(system, "p50Us"), 0),
        "p99 µs": rounded(middle(system, "p99Us"), 0),
        lost: middle(system, "lost"),
      },
    ]),
  ),
);
console.log(
  JSON.stringify({
    packetsPerSecond: rounded(middle("pulpit", "perSecond"), 0),
    ratioToRecvfrom: ratio("pulpit", "recvfrom"),
    ratioToRecvmmsg: ratio("pulpit", "recvmmsg"),
    ratioPortable: ratio("portable", "recvfrom"),
    p99Ms: rounded(middle("pulpit", "p99Us") / 1000, 3),
    bytesPerDeviceAt1M: rounded(bytesPerDevice, 0),
  }),
);
