import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { DesktopError } from "./errors.ts";
import { X11Connection } from "./x11/connection.ts";
import { type Cookie, newCookie } from "./x11/cookie.ts";

/** The server has to answer within this, ms; a slow machine takes a second. */
const START_WITHIN = 15_000;
/** A server told to end is ended by force after this, ms. */
const STOP_WITHIN = 3_000;
/** Last words of a server that did not start, characters. */
const MAX_WORDS = 2_000;
const COOKIE_BYTES = 16;
/** ChangeHosts: insert; an address that the server itself interprets. */
const INSERT = 0;
const SERVER_INTERPRETED = 5;

/**
 * Runs the server and waits for the end of its own input, which comes when we close it and also when our process ends,
 * in whatever way. Being the server's parent it ends the right process. $1: file to remove, then the server.
 */
const GUARD = `cookie=$1; shift
"$@" </dev/null & server=$!
exec 3>&-
cat >/dev/null
kill "$server" 2>/dev/null
wait "$server"
rm -f "$cookie"; rmdir "\${cookie%/*}"`;

/** An X server without a screen. Only processes of our own user get in. */
export interface Xvfb extends AsyncDisposable {
  /** As in DISPLAY. */
  readonly display: string;
}

/** Starts one under a free number. Rejects with DesktopError no-display, or with the signal's reason. */
export async function startXvfb(options: {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel. */
  readonly depth?: number;
  /** Extensions that it is to lack, for instance `MIT-SHM`. */
  readonly without?: readonly string[];
  readonly signal?: AbortSignal;
}): Promise<Xvfb> {
  const { width, height, depth = 24, without = [], signal } = options;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "pulpit-xvfb-"));
  const file = join(folder, "cookie");
  const { cookie, file: content } = newCookie(randomBytes(COOKIE_BYTES));
  await writeFile(file, content, { mode: 0o600 });
  const screen = `${width}x${height}x${depth}`;
  // A server of its own, so no blanking ("-s 0"), and none of the keys that end a session at a terminal.
  const server = ["Xvfb", "-displayfd", "3", "-screen", "0", screen, "-auth", file, "-nolisten", "tcp"];
  server.push("-noreset", "-s", "0", "-dpi", "96", ...without.flatMap((name) => ["-extension", name]));
  const guard = spawn("sh", ["-c", GUARD, "sh", file, ...server], {
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C at our terminal is for us, and we end the server when we are ready.
    detached: true,
  });
  const stopped = once(guard, "close").catch(() => undefined);
  async function end(): Promise<void> {
    await stop(guard, stopped);
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const display = `:${await displayNumber(guard, signal)}`;
    await letUserIn(display, cookie, signal);
    return { display, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The number that the server chose; it writes it once it is ready. */
function displayNumber(guard: ChildProcess, signal: AbortSignal | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new DesktopError("no-display", "Xvfb did not start in time")), START_WITHIN);
  const aborted = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", aborted);
  let words = "";
  guard.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-MAX_WORDS);
  });
  let text = "";
  const numbers = guard.stdio[3] as Readable;
  numbers.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.includes("\n")) resolve(Number.parseInt(text, 10));
  });
  numbers.on("end", () => reject(new DesktopError("no-display", "Xvfb did not start", { cause: new Error(words) })));
  guard.on("error", (cause) => reject(new DesktopError("no-display", "Xvfb can't be started", { cause })));
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  });
}

/** From here on the name is enough for our own user's processes, and of no use to others. */
async function letUserIn(display: string, cookie: Cookie, signal: AbortSignal | undefined): Promise<void> {
  await using connection = await X11Connection.open(display, { cookie, ...(signal && { signal }) });
  const user = Buffer.from(`localuser\0#${process.getuid?.() ?? 0}`, "latin1");
  connection.client.ChangeHosts(INSERT, SERVER_INTERPRETED, user);
  await connection.flushed();
}

async function stop(guard: ChildProcess, stopped: Promise<unknown>): Promise<void> {
  guard.stdin?.end();
  if (guard.pid === undefined) return;
  const group = -guard.pid;
  const timer = setTimeout(() => endByForce(group), STOP_WITHIN);
  await stopped;
  clearTimeout(timer);
}

function endByForce(group: number): void {
  try {
    process.kill(group, "SIGKILL");
  } catch (error) {
    // It has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
