import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** What we read of a program, bytes: a number and the name of a button. */
const MAX_OUTPUT = 1_000;
/** A program that was told to take its notification away is ended by force after this, ms. */
const END_WITHIN = 2_000;
/** How often we look whether a program that has just started can be told, ms. */
const LOOK_EVERY = 20;
/** SIGINT in a mask of signals, whose lowest bit is signal 1. */
const SIGINT_BIT = 1n << 1n;

/** How a notification ended. */
export type Ending =
  /** `output`: the lines that notify-send wrote. */
  | { readonly type: "ended"; readonly code: number; readonly output: readonly string[] }
  /** We took it away: withdrawn, or out of time. */
  | { readonly type: "taken-away" }
  /** There is no such program, or it may not be run. */
  | { readonly type: "no-program" };

/** One run of notify-send, which lasts as long as its notification when it waits for an answer. */
export interface SentNotification {
  /** Never rejects; the process is gone then. */
  readonly ended: Promise<Ending>;
  takeAway(): void;
}

/** Runs it. `within`: it is taken away after this, ms, whatever the desktop makes of times. */
export function send(
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly within: number },
): SentNotification {
  const child = spawn("notify-send", args, { env: options.env, stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  let takenAway = false;
  let force: NodeJS.Timeout | undefined;
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    output = (output + text).slice(0, MAX_OUTPUT);
  });
  const takeAway = (): void => {
    if (takenAway || !runs(child)) return;
    takenAway = true;
    force = setTimeout(() => child.kill("SIGKILL"), END_WITHIN);
    void interrupt(child);
  };
  const timer = setTimeout(takeAway, options.within);
  const { promise, resolve } = Promise.withResolvers<Ending>();
  child.once("error", () => resolve({ type: "no-program" }));
  child.once("close", (code) => {
    if (takenAway) resolve({ type: "taken-away" });
    else resolve({ type: "ended", code: code ?? -1, output: output.split("\n").filter((line) => line !== "") });
  });
  const ended = promise.finally(() => {
    clearTimeout(timer);
    clearTimeout(force);
  });
  return { ended, takeAway };
}

/** notify-send closes its notification on SIGINT, but only once it listens: before that it would die of it and leave it. */
async function interrupt(child: ChildProcess): Promise<void> {
  while (runs(child) && !(await listens(child.pid as number))) await wait(LOOK_EVERY);
  if (runs(child)) child.kill("SIGINT");
}

async function listens(pid: number): Promise<boolean> {
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(await readFile(`/proc/${pid}/status`, "latin1"));
    return caught !== null && (BigInt(`0x${caught[1]}`) & SIGINT_BIT) !== 0n;
  } catch (error) {
    // It has just ended: there is nobody to wait for.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return true;
    throw error;
  }
}

function runs(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
