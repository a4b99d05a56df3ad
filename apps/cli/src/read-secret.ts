import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { FailedError } from "./usage.ts";

/** Longest line that is taken, characters. */
const MAX_LINE = 4_096;

/** One line from the person, which the terminal does not show, or from whatever the standard input is. */
export async function readSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const isPerson = process.stdin.isTTY === true;
  if (isPerson) process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isPerson });
  try {
    const line = await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
    });
    if (line === undefined || line.length > MAX_LINE) throw new FailedError("Nothing was given");
    return line;
  } finally {
    lines.close();
    if (isPerson) process.stderr.write("\n");
  }
}
