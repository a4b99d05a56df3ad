import { readdirSync } from "node:fs";
import { output, outputNow, run } from "./command.ts";

/** Namespaces are named pulpit-<process>-<lab>-<what>: nothing with another name is ever touched. */
const NAME = /^pulpit-(\d+)-\d+-[a-z0-9-]+$/;
const FOLDER = "/run/netns";

/** Makes a namespace whose own loopback works. */
export async function addNamespace(name: string): Promise<void> {
  if (!NAME.test(name)) throw new RangeError(`${name} is not a lab's`);
  await run("ip", ["netns", "add", name]);
  await run("ip", ["-n", name, "link", "set", "lo", "up"]);
}

/** Ends what still runs in these namespaces and removes them. What is gone already is no matter. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      endAll(await output("ip", ["netns", "pids", name]));
      await output("ip", ["netns", "delete", name]);
    }),
  );
}

/** The same while the process ends. */
export function removeNamespacesNow(names: readonly string[]): void {
  for (const name of names) {
    endAll(outputNow("ip", ["netns", "pids", name]));
    outputNow("ip", ["netns", "delete", name]);
  }
}

/** Removes what labs left behind whose process was killed. */
export async function sweepStaleNamespaces(): Promise<void> {
  await removeNamespaces(
    allNamespaces().filter((name) => {
      const owner = Number(NAME.exec(name)?.[1]);
      return owner > 0 && !isAlive(owner);
    }),
  );
}

/** The names of all namespaces of this machine that have one. */
export function allNamespaces(): readonly string[] {
  try {
    return readdirSync(FOLDER);
  } catch (error) {
    // The folder is made with the first namespace.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function endAll(pids: string): void {
  for (const pid of pids.split("\n").map(Number)) if (pid > 0 && pid !== process.pid) end(pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
