import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Machine } from "../lab.ts";

const PULPIT = fileURLToPath(new URL("../../../../apps/cli/bin/pulpit.js", import.meta.url));

/**
 * X servers see by network names which numbers are taken, but are reached through a file: two of two networks would
 * take each other's. `ip netns exec` gives a mount table of its own, so that each program has its own place for them.
 */
const OWN_DESKTOPS = `mkdir -p /tmp/.X11-unix && mount -t tmpfs -o mode=1777 tmpfs /tmp/.X11-unix && exec "$0" "$@"`;

/** What a relay has done. */
export interface RelayFigures {
  /** Sessions it carries now. */
  readonly pairs: number;
  /** Ends that wait there for their other one. */
  readonly waiting: number;
  /** Since the server's start: what it carried, bytes, also of sessions that are over. */
  readonly bytes: number;
}

/** A server whose page is open to browsers. */
export interface PageServer {
  readonly address: string;
  readonly key: string;
  /** Of its page. */
  readonly origin: string;
  relay(): Promise<RelayFigures>;
}

/** A host that lets in whoever has its one-time password. */
export interface OpenHost {
  readonly id: string;
  readonly password: string;
}

/** Real programs for whole sessions: a server with its page, and hosts with desktops of their own. */
export class SessionPrograms implements AsyncDisposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "pulpit-lab-"));
  readonly #running: ChildProcess[] = [];

  async server(machine: Machine): Promise<PageServer> {
    const { address } = machine;
    const web = ["--public-host", address, "--web-host", "0.0.0.0", "--web-port", "80", "--plain-http", "anywhere"];
    const { child, env } = this.#start(machine, ["server", ...web, "--drain-seconds", "0", "--log-level", "warn"]);
    const [key] = await said(child, [/Key\s+([A-Za-z0-9+/]{43}=)/]);
    // The administration's socket is a file: it is reached from anywhere on this machine.
    const relay = async (): Promise<RelayFigures> => {
      const { stdout } = await promisify(execFile)(process.execPath, [PULPIT, "server", "status", "--json"], { env });
      return (JSON.parse(stdout) as { relay: RelayFigures }).relay;
    };
    return { address, key: key as string, origin: `http://${address}`, relay };
  }

  /** `size`: of its desktop, pixels. `program`: what is run in place of `pulpit`. */
  async host(
    machine: Machine,
    server: Pick<PageServer, "address" | "key">,
    size: { readonly width: number; readonly height: number },
    program: string = PULPIT,
  ): Promise<OpenHost> {
    const options = ["--server", server.address, "--key", server.key, "--no-open"];
    const desktop = ["--virtual", "--size", `${size.width}x${size.height}`];
    const { child } = this.#start(machine, ["host", ...options, ...desktop], program);
    const [id, password] = await said(child, [/^ {2}ID\s+([\d ]+)$/, /^ {2}Password\s+(\S+)$/]);
    return { id: (id as string).replaceAll(" ", ""), password: password as string };
  }

  #start(machine: Machine, args: readonly string[], program = PULPIT): { child: ChildProcess; env: NodeJS.ProcessEnv } {
    const { DISPLAY: _, CI: __, ...inherited } = process.env;
    const env = { ...inherited, PULPIT_HOME: join(this.#folder, String(this.#running.length)) };
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const command = ["-c", OWN_DESKTOPS, process.execPath, program, ...args];
    const child = machine.spawn("sh", command, { env, stdio: [...stdio], cwd: this.#folder });
    this.#running.push(child);
    return { child, env };
  }

  /** Asked to stop rather than killed: hosts take their desktops with them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#running.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exit = once(child, "exit");
        child.kill("SIGTERM");
        await exit;
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What stands in brackets in each pattern, once the program has printed lines for all of them. */
async function said(child: ChildProcess, patterns: readonly RegExp[]): Promise<readonly string[]> {
  const found = new Map<RegExp, string>();
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    for (const pattern of patterns) {
      const [, value] = pattern.exec(line) ?? [];
      if (value !== undefined) found.set(pattern, value);
    }
    if (found.size === patterns.length) break;
  }
  const missing = patterns.filter((pattern) => !found.has(pattern));
  if (missing.length > 0) throw new Error(`the program ended without having said ${missing.join(", ")}`);
  // What it says later is read and forgotten: a full pipe would stop it.
  child.stdout?.resume();
  return patterns.map((pattern) => found.get(pattern) as string);
}
