import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { DesktopError } from "./errors.ts";

/** Window managers and terminals in order of preference, with their arguments. */
const WINDOW_MANAGERS: readonly (readonly string[])[] = [["openbox"], ["fluxbox"], ["icewm"], ["twm"]];
const TERMINALS: readonly (readonly string[])[] = [
  ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "12", "-bg", "#10151f", "-fg", "#e6edf5", "-geometry", "96x28+80+80"],
  ["x-terminal-emulator"],
];
const BACKGROUND = "#24476b";
/** The X server has to answer within this, ms. */
const START_TIMEOUT = 15_000;

/** A desktop of its own, without a monitor. */
export interface VirtualDesktop extends AsyncDisposable {
  /** As in DISPLAY. */
  readonly display: string;
}

/** Starts an X server in memory with a window manager and a terminal. Rejects with DesktopError missing-program. */
export async function startVirtualDesktop(size: {
  readonly width: number;
  readonly height: number;
  /** Leaves out window manager and terminal. */
  readonly bare?: boolean;
}): Promise<VirtualDesktop> {
  if (!onPath("Xvfb"))
    throw new DesktopError("missing-program", "Xvfb is not installed (Debian: apt install xvfb openbox xterm)");
  const children: ChildProcess[] = [];
  const server = spawn(
    "Xvfb",
    [
      "-displayfd",
      "3",
      "-screen",
      "0",
      `${size.width}x${size.height}x24`,
      "-nolisten",
      "tcp",
      "-noreset",
      "-dpi",
      "96",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  children.push(server);
  // Children must not outlive us, however we end.
  const killAll = (): void => {
    for (const child of children) child.kill("SIGKILL");
  };
  process.on("exit", killAll);
  let display: string;
  try {
    display = `:${await displayNumber(server)}`;
  } catch (error) {
    killAll();
    process.off("exit", killAll);
    throw error;
  }
  const run = ([program, ...args]: readonly string[]): void => {
    const child = spawn(program as string, args, { stdio: "ignore", env: { ...process.env, DISPLAY: display } });
    child.on("error", () => undefined);
    children.push(child);
  };
  if (size.bare !== true) {
    if (onPath("xsetroot")) run(["xsetroot", "-solid", BACKGROUND]);
    for (const choice of [WINDOW_MANAGERS, TERMINALS]) {
      const found = choice.find(([program]) => onPath(program as string));
      if (found !== undefined) run(found);
    }
  }
  return {
    display,
    async [Symbol.asyncDispose]() {
      process.off("exit", killAll);
      // The programs first, so that they end as at a log-out; the server they draw on last.
      for (const child of children.slice().reverse()) {
        child.kill("SIGTERM");
        await ended(child);
      }
    },
  };
}

function displayNumber(server: ChildProcess): Promise<number> {
  const pipe = server.stdio[3];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DesktopError("no-display", "Xvfb did not start in time")), START_TIMEOUT);
    let text = "";
    pipe?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve(Number.parseInt(text, 10));
    });
    server.once("error", (cause) => reject(new DesktopError("missing-program", "Xvfb can't be started", { cause })));
    server.once("exit", () => reject(new DesktopError("no-display", "Xvfb ended at once")));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
