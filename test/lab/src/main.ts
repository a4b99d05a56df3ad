// The lab as a command: `matrix` measures every NAT and every pair of them, `speed` what the network itself can do, and
// `paths` how Pulpit's own programs meet through all of it.

import { parseArgs } from "node:util";
import { whyNoLab } from "./availability.ts";
import { measureMatrix } from "./matrix.ts";
import { measurePaths, pathsFigures, pathsTable } from "./pulpit/matrix.ts";
import { measureSpeed } from "./speed.ts";

async function main(command: string | undefined, args: readonly string[]): Promise<number> {
  if (command !== "matrix" && command !== "speed" && command !== "paths") {
    console.error("usage: lab-nat.sh matrix|speed|paths [VIEWER×HOST …] [--without WAY …] [--verbose]");
    return 2;
  }
  const missing = whyNoLab();
  if (missing !== undefined) {
    console.error(missing);
    return 1;
  }
  if (command === "speed") {
    console.log(await measureSpeed());
    return 0;
  }
  if (command === "paths") return paths(args);
  const { text, asExpected } = await measureMatrix();
  console.log(text);
  return asExpected ? 0 : 1;
}

async function paths(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { without: { type: "string", multiple: true }, verbose: { type: "boolean" } },
  });
  const { without = [], verbose = false } = values;
  const results = await measurePaths({
    ...(positionals.length === 0 ? {} : { only: positionals }),
    ...{ without, verbose },
    met: (met) => {
      const missed = met.directPossible && met.diagnosis.direct !== true;
      // Why not is what one wants to know.
      if (missed || !met.diagnosis.reached || verbose) console.log(JSON.stringify(met));
    },
  });
  console.log(pathsTable(results));
  const figures = pathsFigures(results);
  console.log(JSON.stringify(figures));
  return figures.connected === figures.pairs ? 0 : 1;
}

process.exitCode = await main(process.argv[2], process.argv.slice(3));
