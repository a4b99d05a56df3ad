// The lab as a command: `matrix` measures every NAT and every pair of them, `speed` what the network itself can do.
import { whyNoLab } from "./availability.ts";
import { measureMatrix } from "./matrix.ts";
import { measureSpeed } from "./speed.ts";

async function main(command: string | undefined): Promise<number> {
  if (command !== "matrix" && command !== "speed") {
    console.error("usage: lab-nat.sh matrix|speed");
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
  const { text, asExpected } = await measureMatrix();
  console.log(text);
  return asExpected ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
