import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { DesktopError } from "./errors.ts";
import { X11Connection } from "./x11/connection.ts";
import { windowManagerReady } from "./x11/window-manager.ts";
import { startXvfb } from "./xvfb.ts";

/** In order of preference. */
const WINDOW_MANAGERS: readonly string[] = ["openbox", "fluxbox", "icewm", "xfwm4", "metacity", "twm"];
const TERMINALS: readonly string[] = ["xterm", "x-terminal-emulator"];
/** Quiet dark blue: white and black windows both stand out, and it costs next to nothing to send. */
const BACKGROUND = 0x1f3a5f;
/** Pixels that an xterm at this size of letters takes for one of them, and what it leaves around itself. */
const LETTER = { width: 10, height: 20 };
const MARGIN = 48;
/** Sizes of a side, pixels: what the smallest window manager can work with, and what an X server can. */
const MIN_SIDE = 160;
const MAX_SIDE = 8192;
/** A program told to end is ended by force after this, ms. */
const STOP_WITHIN = 2_000;

/** A desktop of its own, without a monitor. */
export interface VirtualDesktop extends AsyncDisposable {
  /** As in DISPLAY; works for processes of our own user only. */
  readonly display: string;
}

export interface VirtualDesktopOptions {
  readonly width: number;
  readonly height: number;
  /** Leaves out window manager and terminal. */
  readonly bare?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Starts an X server in memory with a window manager and a terminal. Everything started ends with it, also when our
 * process ends. Rejects with DesktopError missing-program (naming the Debian packages) or no-display.
 */
export async function startVirtualDesktop(options: VirtualDesktopOptions): Promise<VirtualDesktop> {
  const { width, height, bare = false, signal } = options;
  for (const side of [width, height]) {
    if (Number.isInteger(side) && side >= MIN_SIDE && side <= MAX_SIDE) continue;
    throw new RangeError(`a virtual desktop has sides of ${MIN_SIDE} to ${MAX_SIDE} pixels`);
  }
  const manager = WINDOW_MANAGERS.find(onPath);
  const terminal = TERMINALS.find(onPath);
  const missing: string[] = [];
  if (!onPath("Xvfb")) missing.push("xvfb");
  if (!bare && manager === undefined) missing.push("openbox");
  if (!bare && terminal === undefined) missing.push("xterm");
  if (missing.length > 0) {
    const command = `apt install ${missing.join(" ")}`;
    throw new DesktopError("missing-program", `a virtual desktop needs programs that are missing; Debian: ${command}`);
  }
  await using started = new AsyncDisposableStack();
  const { display } = started.use(await startXvfb({ width, height, ...(signal && { signal }) }));
  await using connection = await X11Connection.open(display, signal === undefined ? {} : { signal });
  await paintBackground(connection);
  if (!bare && manager !== undefined && terminal !== undefined) {
    started.use(run(display, manager, []));
    await windowManagerReady(connection, signal);
    started.use(run(display, terminal, terminal === "xterm" ? xtermArguments(width, height) : []));
  }
  const all = started.move();
  return { display, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** In the middle, as large as fits up to the usual size. */
function xtermArguments(width: number, height: number): readonly string[] {
  const columns = Math.max(20, Math.min(100, Math.floor((width - 2 * MARGIN) / LETTER.width)));
  const rows = Math.max(5, Math.min(30, Math.floor((height - 2 * MARGIN) / LETTER.height)));
  const x = Math.max(0, Math.floor((width - columns * LETTER.width) / 2));
  const y = Math.max(0, Math.floor((height - rows * LETTER.height) / 2));
  const look = ["-fa", "monospace", "-fs", "12", "-bg", "#10151f", "-fg", "#e6edf5", "-cr", "#e6edf5"];
  return ["-u8", "-sl", "5000", ...look, "-geometry", `${columns}x${rows}+${x}+${y}`];
}

async function paintBackground(connection: X11Connection): Promise<void> {
  connection.client.ChangeWindowAttributes(connection.root, { backgroundPixel: BACKGROUND });
  connection.client.ClearArea(connection.root, 0, 0, 0, 0, 0);
  await connection.flushed();
}

/** A client of the display; should our process end without a word, it ends with the display. */
function run(display: string, program: string, args: readonly string[]): AsyncDisposable {
  // A desktop begins at home, wherever we were started.
  const cwd = existsSync(homedir()) ? homedir() : "/";
  const env = { ...process.env, DISPLAY: display };
  const child: ChildProcess = spawn(program, args, { stdio: "ignore", cwd, env });
  const stopped = once(child, "exit").catch(() => undefined);
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN);
      await stopped;
      clearTimeout(timer);
    },
  };
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
