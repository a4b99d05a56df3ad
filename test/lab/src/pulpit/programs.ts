import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { selfSigned } from "@pulpit/testkit/src/certificate.ts";
import type { Machine } from "../lab.ts";

const PULPIT = fileURLToPath(new URL("../../../../apps/cli/bin/pulpit.js", import.meta.url));
/** A program starts within this on a machine that is busy, ms. */
const START_WITHIN = 60_000;

/** A Pulpit server on a machine of the lab. */
export interface LabServer {
  /** Its public key. */
  readonly key: string;
}

/** What `pulpit doctor ID --json` says, as far as it counts here. */
export interface Diagnosis {
  readonly reached: boolean;
  readonly way?: string;
  readonly direct?: boolean;
  readonly connectMs: number;
  readonly end?: string;
  readonly ways: readonly unknown[];
}

/** Real Pulpit programs on the machines of a lab, with profiles of their own that are removed with this. */
export class Programs implements AsyncDisposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "pulpit-lab-"));
  readonly #verbose: boolean;
  readonly #running = new Set<ChildProcess>();
  /** What all programs trust, PEM; undefined while there is no server. */
  #certificate: string | undefined;
  #profiles = 0;
  #display: Promise<string> | undefined;
  #xServer: ChildProcess | undefined;

  /** `names`: addresses of machines that have one. `verbose`: what programs log goes to standard error. */
  constructor(
    options: { readonly names?: Readonly<Record<string, readonly string[]>>; readonly verbose?: boolean } = {},
  ) {
    const { names = {}, verbose = false } = options;
    this.#verbose = verbose;
    const lines = Object.entries(names).flatMap(([name, addresses]) =>
      addresses.map((address) => `${address} ${name}`),
    );
    writeFileSync(join(this.#folder, "hosts"), `127.0.0.1 localhost\n${lines.join("\n")}\n`);
  }

  /** ID server, relay and web port 443 with TLS at the given public address. */
  async server(machine: Machine, publicHost: string): Promise<LabServer> {
    const { certificate, key: certificateKey } = this.#selfSigned(publicHost);
    this.#certificate = certificate;
    const options = ["--public-host", publicHost, "--web-host", "0.0.0.0", "--web-port", "443"];
    const child = this.#start(machine, ["server", ...options, "--tls-cert", certificate, "--tls-key", certificateKey]);
    const [, key] = await firstMatch(child, /Key\s+([A-Za-z0-9+/]{43}=)/);
    return { key: key as string };
  }

  /** A host that shares a small empty desktop; resolves with its ID when it can be called. */
  async host(machine: Machine, server: { readonly address: string; readonly key: string }): Promise<string> {
    const display = await this.#sharedDisplay(machine);
    const options = ["--server", server.address, "--key", server.key, "--no-open"];
    const child = this.#start(machine, ["host", ...options, ...(this.#verbose ? ["--verbose"] : [])], { display });
    const [, id] = await firstMatch(child, /^ {2}ID\s+([\d ]+)$/m);
    return (id as string).replaceAll(" ", "");
  }

  /** How the machine reaches a host. */
  async doctor(
    machine: Machine,
    id: string,
    server: { readonly address: string; readonly key: string },
    without: readonly string[] = [],
  ): Promise<Diagnosis> {
    const options = ["--server", server.address, "--key", server.key, ...without.flatMap((way) => ["--without", way])];
    const child = this.#start(machine, ["doctor", id, ...options, "--json"], { stderr: "pipe" });
    const [said, complaint] = await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
    try {
      return JSON.parse(said) as Diagnosis;
    } catch {
      return { reached: false, connectMs: 0, end: `no diagnosis: ${complaint}`, ways: [] };
    }
  }

  /** A certificate for that name or address, and its key: files. */
  #selfSigned(host: string): { readonly certificate: string; readonly key: string } {
    const [certificate, key] = [join(this.#folder, "certificate.pem"), join(this.#folder, "key.pem")];
    const made = selfSigned(undefined, host);
    writeFileSync(certificate, made.cert);
    writeFileSync(key, made.key);
    return { certificate, key };
  }

  #start(
    machine: Machine,
    args: readonly string[],
    how: { readonly display?: string; readonly stderr?: "pipe" } = {},
  ): ChildProcess {
    this.#profiles += 1;
    const { DISPLAY: _, CI: __, ...inherited } = process.env;
    const home = join(this.#folder, String(this.#profiles));
    const env = {
      ...inherited,
      PULPIT_HOME: home,
      ...(this.#certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: this.#certificate }),
      ...(how.display === undefined ? {} : { DISPLAY: how.display }),
    };
    const stdio = ["ignore", "pipe", how.stderr ?? (this.#verbose ? "inherit" : "ignore")] as const;
    // `ip netns exec` gives a mount table of its own: nobody else sees this file in the other's place.
    const script = `mount --bind '${join(this.#folder, "hosts")}' /etc/hosts && exec "$0" "$@"`;
    const command = ["-c", script, process.execPath, PULPIT, ...args];
    const child = machine.spawn("sh", command, { env, stdio: [...stdio], cwd: this.#folder });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    return child;
  }

  /** One for all hosts: nobody looks at it. X servers are reached through a file, whatever the network. */
  #sharedDisplay(machine: Machine): Promise<string> {
    this.#display ??= this.#startDisplay(machine);
    return this.#display;
  }

  async #startDisplay(machine: Machine): Promise<string> {
    const options = ["-displayfd", "1", "-screen", "0", "320x240x24", "-nolisten", "tcp", "-ac"];
    const child = machine.spawn("Xvfb", options, { stdio: ["ignore", "pipe", "ignore"] });
    this.#xServer = child;
    const [, number] = await firstMatch(child, /^(\d+)$/m);
    return `:${number}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Hosts before the desktop they share.
    await Promise.all([...this.#running].map(ended));
    if (this.#xServer !== undefined) await ended(this.#xServer);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What a program prints that looks like this; an error when it ends before, or takes too long. */
async function firstMatch(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  const lines = createInterface({ input: child.stdout as Readable });
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  let said = "";
  const timer = setTimeout(
    () => reject(new Error(`${child.spawnargs.slice(3).join(" ")} did not start in time: ${said}`)),
    START_WITHIN,
  );
  lines.on("line", (line) => {
    said += `${line}\n`;
    const found = pattern.exec(line);
    if (found !== null) resolve(found);
  });
  child.once("exit", () => reject(new Error(`the program ended: ${said}`)));
  child.once("error", reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    // What it says later is read and forgotten: a full pipe would stop it.
    lines.close();
    child.stdout?.resume();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
