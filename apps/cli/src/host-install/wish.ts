import { execFile } from "node:child_process";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Env } from "../env.ts";
import { FailedError, UsageError } from "../usage.ts";
import type { InstallWish, ServiceKind, ServicePlace } from "./service-plan.ts";

/** What the person said. */
export interface Choice {
  readonly kind: ServiceKind;
  /** As whom a service of the system runs; undefined: whoever called sudo. */
  readonly as: string | undefined;
  readonly virtual: boolean;
  /** Options of `pulpit host`. */
  readonly hostOptions: readonly string[];
}

/** Where a service goes. `print`: nothing will be changed. Throws UsageError and FailedError for who may not do that. */
export function placeOf(kind: ServiceKind, print: boolean, env: Env): ServicePlace {
  const isRoot = process.getuid?.() === 0;
  const sudoer = env.variables.SUDO_USER;
  if (kind === "user" && isRoot && sudoer !== undefined && sudoer !== "root") {
    throw new UsageError("Without --system this is for yourself: run it without sudo");
  }
  if (kind === "system" && process.platform === "linux" && !isRoot && !print) {
    throw new FailedError("A service of the system is root's to change: run it with sudo");
  }
  return { kind, home: homedir(), uid: userInfo().uid, env: env.variables };
}

/** What is to be installed there. Throws UsageError. */
export async function wishOf(place: ServicePlace, choice: Choice): Promise<InstallWish> {
  const { as, virtual, hostOptions } = choice;
  const options = [...(virtual ? ["--virtual"] : []), ...hostOptions];
  const waits = process.platform === "linux" && !options.includes("--virtual");
  return {
    ...place,
    command: [process.execPath, join(import.meta.dirname, "..", "main.ts"), "host", ...options],
    inSession: waits ? fileURLToPath(new URL("./in-session.ts", import.meta.url)) : undefined,
    user: place.kind === "system" ? await systemUser(as, place.env) : ownUser(as),
  };
}

function ownUser(as: string | undefined): string {
  if (as !== undefined) throw new UsageError("--as goes with --system");
  return userInfo().username;
}

async function systemUser(as: string | undefined, env: ServicePlace["env"]): Promise<string> {
  const user = as ?? (process.getuid?.() === 0 ? env.SUDO_USER : userInfo().username);
  if (user === undefined || user === "") throw new UsageError("Whose desktop? Say --as USER");
  if (process.platform === "linux" && (await uidOf(user)) === 0) {
    throw new UsageError("Not as root: whoever gets in could do everything. Say --as USER");
  }
  return user;
}

/** Throws UsageError for a name that nobody has. */
async function uidOf(user: string): Promise<number> {
  try {
    return Number((await promisify(execFile)("id", ["-u", "--", user])).stdout);
  } catch (cause) {
    throw new UsageError(`There is no user '${user}' here`, { cause });
  }
}
