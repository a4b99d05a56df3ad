import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pause } from "./timing.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Starting takes a second; a busy machine may take many. */
const START_WITHIN = 30_000;
const STOP_WITHIN = 10_000;
const COLLECTION_TAKES = 1500;
const PAGE = 4096;
/** Makes the server give memory back when it is told to; this is all that differs from an everyday start. */
const COLLECT = `data:text/javascript,${encodeURIComponent(
  `process.on("SIGUSR2", () => gc({ type: "major", execution: "sync", flavor: "last-resort" }))`,
)}`;

export interface Ports {
  readonly main: number;
  readonly natTest: number;
  readonly websocket: number;
  readonly relay: number;
  readonly relayWebsocket: number;
  readonly web: number;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string; readonly time: number };

/** ID server, relay and gateway in a process of their own, as the command line starts them. */
export interface ServerProcess extends AsyncDisposable {
  readonly ports: Ports;
  /** Public key of the server, base64. */
  readonly key: string;
  readonly home: string;
  /** Undefined while it runs; a signal or an exit code is a crash, as nothing but `stop` ends it. */
  readonly ended: string | undefined;
  /** Resident memory, MB, and open file descriptors. */
  rss(): number;
  descriptors(): number;
  /**
   * The memory that is held, MB. A server with gigabytes to spare and nothing to do leaves its garbage lying, so it
   * is collected first.
   */
  held(): Promise<number>;
  log(): readonly LogLine[];
  /** What it wrote to standard error and is no line of the log: the stack of a crash. */
  words(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/**
 * `home`: keys and database; without it a folder of its own, gone afterwards.
 * `maxFiles`: file descriptors the process may open. `flags`, `variables`: more of the command line and environment.
 */
export async function startServer(
  options: {
    readonly home?: string;
    readonly maxFiles?: number;
    readonly flags?: readonly string[];
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<ServerProcess> {
  const own = mkdtempSync(join(tmpdir(), "pulpit-abuse-"));
  const home = options.home ?? join(own, "home");
  // A file, not a pipe: a log nobody reads would hold up the server.
  const logPath = join(own, "log");
  const log = openSync(logPath, "w");
  const node = [process.execPath, "--expose-gc", "--import", COLLECT, join(ROOT, "apps/cli/src/main.ts")];
  const flags = ["server", "--port", "0", "--host", "127.0.0.1", "--web-port", "0", "--drain-seconds", "0"];
  flags.push(...(options.flags ?? []));
  // `exec`, so that the process we watch is the server and not the shell.
  const limited = ["-c", `ulimit -n ${options.maxFiles}; exec "$@"`, "sh", ...node, ...flags];
  const env = { ...process.env, ...options.variables, PULPIT_HOME: home };
  const child =
    options.maxFiles === undefined
      ? spawn(node[0] as string, [...node.slice(1), ...flags], { env, stdio: ["ignore", log, log] })
      : spawn("/bin/sh", limited, { env, stdio: ["ignore", log, log] });
  closeSync(log);
  const pid = child.pid as number;
  // What follows the last line end is a line that is still being written.
  const written = (): string[] => readFileSync(logPath, "utf8").split("\n").slice(0, -1);
  const lines = (): LogLine[] => written().flatMap(parsed);
  // The second number of statm: resident pages.
  const rss = (): number => (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE) / 1024 / 1024;
  try {
    const ports = await ready(child, lines, () => written().join("\n"));
    return {
      ports,
      home,
      key: readFileSync(join(home, "server", "id_ed25519.pub"), "utf8").trim(),
      get ended() {
        return child.signalCode ?? child.exitCode?.toString();
      },
      rss,
      descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
      log: lines,
      words: () =>
        written()
          .filter((line) => parsed(line).length === 0)
          .join("\n"),
      async held() {
        child.kill("SIGUSR2");
        await pause(COLLECTION_TAKES);
        return rss();
      },
      kill: (signal) => end(child, signal),
      async [Symbol.asyncDispose]() {
        await end(child, "SIGTERM");
        rmSync(own, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await end(child, "SIGKILL");
    rmSync(own, { recursive: true, force: true });
    throw error;
  }
}

function parsed(line: string): LogLine[] {
  return line.startsWith("{") ? [JSON.parse(line) as LogLine] : [];
}

async function ready(child: ChildProcess, lines: () => LogLine[], words: () => string): Promise<Ports> {
  const until = performance.now() + START_WITHIN;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    const [id, relay, web] = ["ID server ready", "relay ready", "web client ready"].map((message) =>
      lines().find(({ msg }) => msg === message),
    );
    if (id !== undefined && relay !== undefined && web !== undefined && words().includes("Key ")) {
      return {
        main: Number(id.port),
        natTest: Number(id.natTestPort),
        websocket: Number(id.websocketPort),
        relay: Number(relay.port),
        relayWebsocket: Number(relay.websocketPort),
        web: Number(web.port),
      };
    }
    await pause(50);
  }
  throw new Error(`the server did not start:\n${words()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN);
  await ended;
  clearTimeout(timer);
}
