import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cpuTime, stop } from "../e2e/processes.ts";

/** What is measured has a processor for itself, and what measures has the other one. */
export const SERVER_CPU = 0;
export const LOAD_CPU = 1;
/** A program that is not ready by then never will be, ms. */
const READY_WITHIN = 20_000;
/** A load generator that hangs is given up on, ms: registering a million devices takes minutes. */
const LOAD_WITHIN = 900_000;
const POLL = 20;
/** Clock ticks in a second, as Linux counts CPU time. */
const TICKS = 100;
/** Below the ports that the system gives to connections; a server may take the two above its own and the one below. */
const FIRST_PORT = 23_010;
const PORTS_APART = 10;

/** A program on a processor of its own. */
export interface Pinned extends AsyncDisposable {
  /** CPU time of the process and its children so far, all threads, s. */
  cpuSeconds(): number;
  /** Memory of the process and its children that is in use now, bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly cpu: number;
  /** How to see that it works: a text it writes to its standard output, or a TCP port that listens. */
  readonly ready: string | { readonly port: number };
}

export async function startPinned({ path, args, cpu, ready }: Program): Promise<Pinned> {
  // taskset becomes the program: its pid is the program's.
  const child = spawn("taskset", ["-c", String(cpu), path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  let failure: Error | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    // The end is enough to say what went wrong; proxies complain at length about connections that break.
    errors = (errors + chunk.toString()).slice(-2000);
  });
  child.on("error", (error) => {
    failure = error;
  });
  child.on("exit", (code, signal) => {
    failure ??= new Error(`${path} ended (${signal ?? code}):\n${errors}`);
  });
  const isReady = (): boolean => (typeof ready === "string" ? output.includes(ready) : listens(ready.port));
  for (const start = performance.now(); !isReady(); await sleep(POLL)) {
    if (failure !== undefined) throw failure;
    if (performance.now() - start < READY_WITHIN) continue;
    await stop(child);
    throw new Error(`${path} was not ready after ${READY_WITHIN} ms:\n${errors}`);
  }
  const pid = child.pid as number;
  return {
    cpuSeconds: () => cpuTime([pid]) / 1000,
    residentBytes: () => [pid, ...childrenOf(pid)].reduce((sum, each) => sum + residentBytes(each), 0),
    stop: () => stop(child),
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/**
 * Runs a load generator to its end: what it printed as JSON, and how busy the machine was with anything else
 * meanwhile, CPU seconds. Where that is much, the figures are of somebody else's making.
 */
export async function runLoad<Figures>(
  path: string,
  args: readonly (string | number)[],
  server: Pinned | undefined,
): Promise<Figures & { readonly elsewhereSeconds: number }> {
  const words = ["-c", String(LOAD_CPU), path, ...args.map(String)];
  // The load generator's own time is known when it has ended, as that of a child that was waited for.
  const elsewhere = (): number => machineSeconds() - waitedForSeconds() - (server?.cpuSeconds() ?? 0);
  const before = elsewhere();
  const { stdout } = await promisify(execFile)("taskset", words, { timeout: LOAD_WITHIN });
  return { ...(JSON.parse(stdout) as Figures), elsewhereSeconds: rounded(elsewhere() - before, 2) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** A number from the environment, for those who want it quicker or surer. */
export function setting(name: string, otherwise: number): number {
  return Number(process.env[name] ?? otherwise);
}

/** Another port for every server: one that was just used may still be held by connections that have ended. */
export function* freshPorts(): Generator<number, never> {
  for (let port = FIRST_PORT; ; port += PORTS_APART) yield port;
}

/** Looked up instead of tried: a proxy would carry the attempt on to a sink that is not there yet. */
function listens(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .some((line) => {
      const [, address, , state] = line.trim().split(/\s+/);
      return address?.endsWith(local) === true && state === "0A";
    });
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").map(Number);
  return children.filter((child) => child > 0);
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** CPU time that all processors have spent on anything, and that the machine below has kept from them, s. */
function machineSeconds(): number {
  const [, ...fields] = (/^cpu .*$/m.exec(readFileSync("/proc/stat", "utf8"))?.[0] ?? "").split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS;
}

/** CPU time of our children that have ended, s. */
function waitedForSeconds(): number {
  const text = readFileSync("/proc/self/stat", "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}
