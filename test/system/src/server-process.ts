import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));

/** A folder of its own for a server, and the command in it. */
export interface ServerPlace extends Disposable {
  readonly folder: string;
  readonly data: string;
  /** Runs a command to its end. */
  run(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string };
  /** What a command says, as a program reads it. */
  json<T>(...args: string[]): T;
  start(...flags: string[]): Promise<RunningServer>;
}

export interface RunningServer extends AsyncDisposable {
  readonly child: ChildProcess;
  /** What it printed and logged up to now. */
  text(): string;
  /** Resolves when it has said so. */
  said(what: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export function serverPlace(): ServerPlace {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-server-"));
  const data = join(folder, "data");
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    PULPIT_HOME: join(folder, "home"),
    PULPIT_DATA: data,
  };
  const run: ServerPlace["run"] = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      encoding: "utf8",
      env,
      cwd: folder,
      timeout: 30_000,
    });
    return { code: status, out: stdout, err: stderr };
  };
  return {
    folder,
    data,
    run,
    json: (...args) => JSON.parse(run(...args, "--json").out),
    async start(...flags) {
      const free = ["--host", "127.0.0.1", "--port", "0", "--web-port", "0"];
      const child = spawn(process.execPath, [MAIN, "server", ...free, ...flags], {
        env,
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const server = watched(child);
      await server.said(/As a link/);
      return server;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function watched(child: ChildProcess): RunningServer {
  let text = "";
  const waiting = new Set<() => void>();
  const more = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const wake of waiting) wake();
  };
  child.stdout?.on("data", more);
  child.stderr?.on("data", more);
  let over = false;
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once("close", (code, signal) => {
      over = true;
      resolve(signal ?? code);
      for (const wake of waiting) wake();
    }),
  );
  return {
    child,
    text: () => text,
    ended,
    async said(what) {
      for (;;) {
        const found = what.exec(text);
        if (found !== null) return found;
        if (over) throw new Error(`it ended: ${text}`);
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await ended;
    },
  };
}
