// npm run bench:browser [rounds]: a desktop that scrolls, in Chromium, by every way a browser has, on lines that lose packets.
// Needs root (see test/lab) and an idle machine. The last line is JSON.
import { loadavg } from "node:os";
import { whyNoLab } from "@pulpit/lab";
import { CLICKS } from "../e2e/settings.ts";
import { LINE, measure } from "./measure.ts";
import type { Way } from "./orders.ts";

/** Between browser and host, per cent. */
const LOSSES = [0, 1, 5] as const;
const WAYS: readonly Way[] = ["datagrams", "channel", "relay"];

interface Cell {
  readonly way: Way;
  readonly loss: number;
  /** From a click until its effect is seen, ms. */
  readonly clickMedian: number;
  readonly clickP95: number;
  readonly missed: number;
  readonly framesPerSecond: number;
}

const missing = whyNoLab();
if (missing !== undefined) throw new Error(missing);
/** Interleaved, so that whatever else the machine does meets all of them alike. */
const ROUNDS = Number(process.argv[2] ?? 3);
const all: Cell[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  for (const loss of LOSSES) {
    for (const way of WAYS) {
      const { delays, framesPerSecond } = await measure(way, loss);
      const at = (share: number): number => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
      const missed = CLICKS - delays.length;
      all.push({ way, loss, clickMedian: at(0.5), clickP95: at(0.95), missed, framesPerSecond });
      console.log(`round ${round}: ${shown(all.at(-1) as Cell)}`);
    }
  }
}
const cells = LOSSES.flatMap((loss) => WAYS.map((way) => middle(way, loss)));
for (const each of cells) console.log(`median: ${shown(each)}`);
const ratios = LOSSES.map((loss) => {
  const [own, channel, relay] = WAYS.map((way) => middle(way, loss)) as [Cell, Cell, Cell];
  const to = (other: Cell) => ({
    clickMedian: own.clickMedian / other.clickMedian,
    clickP95: own.clickP95 / other.clickP95,
    framesPerSecond: own.framesPerSecond / other.framesPerSecond,
  });
  return { loss, toChannel: to(channel), toRelay: to(relay) };
});
console.log(JSON.stringify({ line: LINE, rounds: ROUNDS, clicks: CLICKS, load: loadavg()[0], cells, ratios }));
process.exit();

function shown({ way, loss, clickMedian, clickP95, missed, framesPerSecond }: Cell): string {
  const clicks = `click ${clickMedian.toFixed(0)}/${clickP95.toFixed(0)} ms, ${missed} missed`;
  return `${loss} % ${way}: ${clicks}, ${framesPerSecond.toFixed(1)} fps`;
}

/** The median of each figure over the rounds. */
function middle(way: Way, loss: number): Cell {
  const rounds = all.filter((each) => each.way === way && each.loss === loss);
  const of = (figure: (cell: Cell) => number): number =>
    rounds.map(figure).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
  return {
    way,
    loss,
    clickMedian: of((each) => each.clickMedian),
    clickP95: of((each) => each.clickP95),
    missed: of((each) => each.missed),
    framesPerSecond: of((each) => each.framesPerSecond),
  };
}
