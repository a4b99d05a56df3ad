// KCP and WebRTC beside the system's TCP on the same lines: bulk, pictures, and sessions of Pulpit with a desktop that
// scrolls, at several rates of loss. Needs root (see test/lab) and an idle machine: every end is a process, and the
// network between them is one as well.
// The last line is JSON. `node bench/paths/run.ts [seconds per cell] [rounds]`.
import { loadavg } from "node:os";
import { whyNoLab } from "@pulpit/lab";
import { LINE, measure, SESSION_LINE } from "./measure.ts";
import type { Transport } from "./orders.ts";

/** End to end, per cent. */
const LOSSES = [0, 1, 5] as const;
const TRANSPORTS: readonly Transport[] = ["kcp", "webrtc", "channel", "cubic", "bbr"];
/** Long enough for some twenty clicks on a bad line. */
const SESSION_SECONDS = 12;

interface Cell {
  readonly transport: Transport;
  readonly loss: number;
  readonly megabytesPerSecond: number;
  readonly pictures: number;
  readonly median: number;
  readonly p95: number;
  /** Of a session over twice the distance: from a click until its effect is seen, ms, and pictures a second. */
  readonly clickMedian: number;
  readonly clickP95: number;
  readonly framesPerSecond: number;
}

async function cell(transport: Transport, loss: number, seconds: number): Promise<Cell> {
  const bulk = await measure(transport, "bulk", loss, seconds);
  const { pictures, median, most } = await measure(transport, "pictures", loss, seconds);
  const session = await measure(transport, "session", loss, SESSION_SECONDS);
  return {
    ...{ transport, loss, megabytesPerSecond: bulk.bytesPerSecond / 1e6, pictures, median, p95: most },
    ...{ clickMedian: session.median, clickP95: session.most, framesPerSecond: session.pictures / SESSION_SECONDS },
  };
}

const missing = whyNoLab();
if (missing !== undefined) throw new Error(missing);
const seconds = Number(process.argv[2] ?? 6);
/** Interleaved, so that whatever else the machine does meets all of them alike. */
const ROUNDS = Number(process.argv[3] ?? 3);
const all: Cell[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  for (const loss of LOSSES) {
    for (const transport of TRANSPORTS) {
      const measured = await cell(transport, loss, seconds);
      all.push(measured);
      console.log(`round ${round}: ${shown(measured)}`);
    }
  }
}
const cells = LOSSES.flatMap((loss) => TRANSPORTS.map((transport) => middle(transport, loss)));
for (const each of cells) console.log(`median: ${shown(each)}`);
const at = (transport: Transport, loss: number): Cell => middle(transport, loss);
const toCubic = (transport: Transport, loss: number) => ({
  bulkToCubic: at(transport, loss).megabytesPerSecond / at("cubic", loss).megabytesPerSecond,
  p95ToCubic: at(transport, loss).p95 / at("cubic", loss).p95,
  clickP95ToCubic: at(transport, loss).clickP95 / at("cubic", loss).clickP95,
});
/** What the owner of a slow line wants to know: KCP, and the others beside it, against TCP as nearly every system has it. */
const ratios = LOSSES.map((loss) => ({
  loss,
  ...toCubic("kcp", loss),
  webrtc: toCubic("webrtc", loss),
  channel: toCubic("channel", loss),
  bbr: toCubic("bbr", loss),
}));
console.log(
  JSON.stringify({ line: LINE, sessionLine: SESSION_LINE, seconds, rounds: ROUNDS, load: loadavg()[0], cells, ratios }),
);

function shown(cell: Cell): string {
  const delays = `${cell.pictures} pictures ${cell.median.toFixed(0)}/${cell.p95.toFixed(0)} ms`;
  const session = `click ${cell.clickMedian.toFixed(0)}/${cell.clickP95.toFixed(0)} ms at ${cell.framesPerSecond.toFixed(1)} fps`;
  return `${cell.loss} % ${cell.transport}: ${cell.megabytesPerSecond.toFixed(2)} MB/s, ${delays}, ${session}`;
}

/** The median of each figure over the rounds. */
function middle(transport: Transport, loss: number): Cell {
  const rounds = all.filter((each) => each.transport === transport && each.loss === loss);
  const of = (figure: (cell: Cell) => number): number =>
    rounds.map(figure).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
  return {
    transport,
    loss,
    megabytesPerSecond: of((each) => each.megabytesPerSecond),
    pictures: of((each) => each.pictures),
    median: of((each) => each.median),
    p95: of((each) => each.p95),
    clickMedian: of((each) => each.clickMedian),
    clickP95: of((each) => each.clickP95),
    framesPerSecond: of((each) => each.framesPerSecond),
  };
}
