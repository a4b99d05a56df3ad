import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./pages.ts";
import type { Program } from "./program.ts";

/** A terminal on the shared desktop that keeps what is typed into it. */
export interface Typed extends Disposable {
  /** Everything up to now. */
  text(): string;
}

/** Covers the desktop with it, and resolves when it listens. */
export async function startTerminal({ display, home }: Program): Promise<Typed> {
  const file = join(home, "typed");
  const script = `exec > '${file}'; stty -echo raw; echo ready; cat`;
  const xterm = spawn("xterm", ["-u8", "-geometry", "120x40+0+0", "-e", "sh", "-c", script], {
    env: { ...process.env, DISPLAY: display, LC_ALL: "C.UTF-8" },
    stdio: "ignore",
  });
  const content = (): string => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  await until("the terminal", () => content().startsWith("ready\n"));
  return { text: () => content().slice("ready\n".length), [Symbol.dispose]: () => void xterm.kill() };
}
