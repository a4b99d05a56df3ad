import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Machine, openLab } from "./lab.ts";
import type { Line } from "./line.ts";
import { table } from "./table.ts";

const PORT = 5000;
const SECONDS = 3;
const QUESTIONS = 100;
const LINES: readonly Partial<Line>[] = [{}, { rate: 100 }, { delay: 12.5 }, { delay: 12.5, loss: 0.5 }];

/** How fast one TCP stream and how long a datagram's round trip is between two public hosts, for several lines. */
export async function measureSpeed(): Promise<string> {
  const rows: string[][] = [];
  for (const line of LINES) {
    await using lab = await openLab({ ...line, sides: { a: { nat: "none" }, b: { nat: "none" } } });
    const receiver = traffic(lab.side("b"), "receive", PORT);
    const said = createInterface({ input: receiver })[Symbol.asyncIterator]();
    await said.next();
    const to = [lab.side("b").address, PORT] as const;
    const [median = "", most = ""] = (await text(traffic(lab.side("a"), "ask", ...to, QUESTIONS))).trim().split(" ");
    const sent = once(traffic(lab.side("a"), "send", ...to, SECONDS), "close");
    const { value: speed } = await said.next();
    await sent;
    rows.push([JSON.stringify(line), String(speed), median, most]);
  }
  return table([["each line", "Mbit/s", "round trip ms p50", "p95"], ...rows]);
}

function traffic(machine: Machine, ...args: readonly (string | number)[]): Readable {
  const program = fileURLToPath(new URL("./agent/traffic.ts", import.meta.url));
  const child = machine.spawn(process.execPath, [program, ...args.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return child.stdout as Readable;
}
