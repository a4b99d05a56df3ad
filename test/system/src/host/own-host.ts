import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Servers } from "../world.ts";

const MAIN = fileURLToPath(new URL("../../../../apps/cli/src/main.ts", import.meta.url));
/** Longer than anything here takes on a busy machine, ms. */
const PATIENCE = 60_000;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real program with a profile of its own; servers in this process can be called meanwhile. */
export interface OwnHost extends Disposable {
  /** The profile; the folder around it is open to everybody. */
  readonly home: string;
  /** The Unix socket of the host that runs on it. */
  readonly socket: string;
  /** `pulpit host …` to its end. */
  run(...args: string[]): Promise<Outcome>;
  /** … with a child that can be watched and talked to. */
  begin(...args: string[]): Talking;
  /** What a command says, as a program reads it; whatever its exit code. */
  json<T>(...args: string[]): Promise<T>;
  /** `pulpit host --virtual …`; resolves when it can be called. */
  share(servers: Servers, ...flags: string[]): Promise<Sharing>;
}

export interface Talking {
  readonly child: ChildProcess;
  /** What it printed and logged up to now. */
  text(): string;
  /** Resolves when it has said so; rejects when it ends before. */
  said(what: RegExp): Promise<RegExpExecArray>;
  /** One line on its standard input. */
  tell(line: string): void;
  readonly ended: Promise<Outcome>;
}

export interface Sharing extends Talking, AsyncDisposable {
  readonly id: string;
  /** As it was shown to the person at the terminal. */
  readonly password: string;
  /** Without a word, as a power cut does. */
  kill(): Promise<void>;
}

export function ownHost(): OwnHost {
  const folder = mkdtempSync(join(tmpdir(), "pulpit-host-"));
  chmodSync(folder, 0o755);
  const home = join(folder, "profile");
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: folder, PULPIT_HOME: home, LANG: "C.UTF-8" };
  const begin: OwnHost["begin"] = (...args) =>
    talking(spawn(process.execPath, [MAIN, "host", ...args], { env, cwd: folder, stdio: ["pipe", "pipe", "pipe"] }));
  const run: OwnHost["run"] = (...args) => {
    const { child, ended } = begin(...args);
    child.stdin?.end();
    return ended;
  };
  return {
    home,
    socket: join(home, "host.sock"),
    begin,
    run,
    json: async (...args) => JSON.parse((await run(...args, "--json")).out),
    async share(servers, ...flags) {
      const server = ["--server", `127.0.0.1:${servers.rendezvous.ports.main}`, "--key", servers.key.publicText];
      const started = begin("--virtual", "--size", "320x240", "--no-open", ...server, ...flags);
      const kill = async (signal: NodeJS.Signals): Promise<void> => {
        started.child.kill(signal);
        await started.ended;
      };
      try {
        const [, id = "", password = ""] = await started.said(/ID +(.+)\n(?: +Password +(\S+)\n)?\n/);
        return {
          ...started,
          id: id.replaceAll(" ", ""),
          password,
          kill: () => kill("SIGKILL"),
          [Symbol.asyncDispose]: () => kill("SIGTERM"),
        };
      } catch (error) {
        await kill("SIGKILL");
        throw error;
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function talking(child: ChildProcess): Talking {
  let out = "";
  let err = "";
  let over = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    wake();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
    wake();
  });
  // It may have ended without reading.
  child.stdin?.on("error", () => undefined);
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const ended = new Promise<Outcome>((resolve) =>
    child.once("close", (code) => {
      clearTimeout(late);
      over = true;
      resolve({ code, out, err });
      wake();
    }),
  );
  const text = (): string => out + err;
  return {
    child,
    text,
    ended,
    tell: (line) => void child.stdin?.write(`${line}\n`),
    async said(what) {
      for (;;) {
        const found = what.exec(out) ?? what.exec(err);
        if (found !== null) return found;
        if (over) throw new Error(`it ended: ${text()}`);
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
  };
}
