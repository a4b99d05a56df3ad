import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "@pulpit/lab";

/** What a shell command on a machine of the lab prints; an error when it fails. */
async function shell(machine: Machine, command: string): Promise<string> {
  const child = machine.spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  const [said, complaint, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`${command}: ${complaint.trim()}`);
  return said;
}

/**
 * Has TCP of this machine alone use `name`. By its route: a namespace may choose a default only among those that the
 * whole computer allows, which is nothing for a measurement to change.
 */
export async function useCongestionControl(machine: Machine, name: string): Promise<void> {
  await shell(machine, `ip route replace $(ip route show default) congctl ${name}`);
}

/**
 * What the first connection of a machine really uses, waiting `within` ms for there to be one; undefined without. A
 * measurement under a wrong name is worse than none.
 */
export async function congestionControlInUse(machine: Machine, within: number): Promise<string | undefined> {
  for (const until = performance.now() + within; performance.now() < until; await sleep(200)) {
    const said = await shell(machine, "ss -tinH state established");
    const used = /^\s+(?:ts |sack |ecn |ecnseen |fastopen )*(\w+) /m.exec(said)?.[1];
    if (used !== undefined) return used;
  }
  return undefined;
}
