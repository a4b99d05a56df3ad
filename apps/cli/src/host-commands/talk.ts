import { setTimeout } from "node:timers/promises";
import { AdminError, ask, isRunning } from "@pulpit/admin";
import { nodeRandom } from "@pulpit/crypto-node";
import { type CommandHandlers, type CommandName, HostRefusal } from "@pulpit/host-control";
import { ProfileError, ProfileFolder } from "@pulpit/profile-node";
import { PERMISSIONS } from "@pulpit/protocol";
import type { Env } from "../env.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { Enrolment } from "../host-service/enrolment.ts";
import { hostHandlers } from "../host-service/handlers.ts";
import { openHouse } from "../host-service/house.ts";
import { lockProfile } from "../host-service/profile-lock.ts";
import { refusalText } from "../host-service/refusal-text.ts";
import { hostSocket } from "../host-service/socket.ts";
import { openLog } from "../log.ts";
import { FailedError, parse } from "../usage.ts";
import type { HostCommand, HostTalk } from "./host-command.ts";

/** A host that starts or ends, or another command, has the profile for less than this, ms. */
const FREE_WITHIN = 15_000;
/** … and is asked again this often, ms. */
const AGAIN_AFTER = 50;

/** Runs one command about this computer. Resolves with the exit code. */
export async function talk(command: HostCommand, args: readonly string[], env: Env): Promise<number> {
  const own = Object.fromEntries((command.switches ?? []).map((name) => [name, { type: "boolean" as const }]));
  const { values, positionals } = parse(args, { json: { type: "boolean" }, ...own });
  const socket = hostSocket(env.home);
  // One for the whole command: it asks twice, and is not heard by the same handlers where no host runs.
  const enrolment = new Enrolment(nodeRandom(), Date.now);
  const said = await command.run({
    args: positionals,
    flags: values as HostTalk["flags"],
    env,
    socket,
    ask: (name, what) => asked({ env, socket, enrolment }, name, what) as Promise<never>,
    isRunning: () => isRunning(socket),
  });
  process.stdout.write(`${values.json === true ? JSON.stringify(said.value, undefined, 2) : said.text}\n`);
  return said.exitCode ?? 0;
}

async function asked(
  { env, socket, enrolment }: { readonly env: Env; readonly socket: string; readonly enrolment: Enrolment },
  name: CommandName,
  what: object,
): Promise<unknown> {
  try {
    for (const late = performance.now() + FREE_WITHIN; performance.now() < late; await setTimeout(AGAIN_AFTER)) {
      const answer = await askHost(socket, name, what);
      if (answer !== undefined) return answer;
      const profile = new ProfileFolder(env.home);
      using lock = lockProfile(profile);
      if (lock !== undefined) return await onProfile(profile, enrolment, name, what);
    }
  } catch (error) {
    if (error instanceof HostRefusal) throw new FailedError(refusalText(error), { cause: error });
    if (error instanceof ProfileError || error instanceof AdminError) {
      throw new FailedError(error.message, { cause: error });
    }
    throw error;
  }
  throw new FailedError("Another program is at work on this computer's settings; try again");
}

/** Undefined when no host runs here. */
async function askHost(socket: string, name: CommandName, what: object): Promise<unknown> {
  try {
    return await ask(socket, name, what);
  } catch (error) {
    if (error instanceof AdminError && error.code === "not-running") return undefined;
    throw error;
  }
}

/** No host runs here: the same commands on what it keeps. Whatever needs a running one finds nobody and nothing. */
async function onProfile(
  profile: ProfileFolder,
  enrolment: Enrolment,
  name: CommandName,
  what: object,
): Promise<unknown> {
  const settings = new KeptSettings(profile);
  using house = openHouse(profile, settings, openLog("warn"));
  const sharing = {
    view: { state: "stopped", server: settings.text("server") } as const,
    apply: async () => undefined,
  };
  const desktop = { name: "", virtual: false, abilities: new Set(PERMISSIONS) };
  const handlers: CommandHandlers = hostHandlers(house, sharing, desktop, enrolment);
  // Awaited here: the house stays open until it is done.
  return await (handlers[name] as (ask: unknown) => unknown)(what);
}
