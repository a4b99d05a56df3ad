import { AdminError, ask, isRunning } from "@pulpit/admin";
import { type CommandHandlers, type CommandName, HostRefusal } from "@pulpit/host-control";
import { ProfileError, ProfileFolder } from "@pulpit/profile-node";
import { PERMISSIONS } from "@pulpit/protocol";
import type { Env } from "../env.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { hostHandlers } from "../host-service/handlers.ts";
import { openHouse } from "../host-service/house.ts";
import { refusalText } from "../host-service/refusal-text.ts";
import { hostSocket } from "../host-service/socket.ts";
import { openLog } from "../log.ts";
import { FailedError, parse } from "../usage.ts";
import type { HostCommand, HostTalk } from "./host-command.ts";

/** Runs one command about this computer. Resolves with the exit code. */
export async function talk(command: HostCommand, args: readonly string[], env: Env): Promise<number> {
  const own = Object.fromEntries((command.switches ?? []).map((name) => [name, { type: "boolean" as const }]));
  const { values, positionals } = parse(args, { json: { type: "boolean" }, ...own });
  const socket = hostSocket(env.home);
  const said = await command.run({
    args: positionals,
    flags: values as HostTalk["flags"],
    env,
    socket,
    ask: (name, what) => asked(env, socket, name, what) as Promise<never>,
    isRunning: () => isRunning(socket),
  });
  process.stdout.write(`${values.json === true ? JSON.stringify(said.value, undefined, 2) : said.text}\n`);
  return said.exitCode ?? 0;
}

async function asked(env: Env, socket: string, name: CommandName, what: object): Promise<unknown> {
  try {
    return await ask(socket, name, what);
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    if (error.code !== "not-running") throw new FailedError(error.message, { cause: error });
  }
  try {
    return await onProfile(env, name, what);
  } catch (error) {
    if (error instanceof HostRefusal) throw new FailedError(refusalText(error), { cause: error });
    if (error instanceof ProfileError) throw new FailedError(error.message, { cause: error });
    throw error;
  }
}

/** No host runs here: the same commands on what it keeps. Whatever needs a running one finds nobody and nothing. */
async function onProfile(env: Env, name: CommandName, what: object): Promise<unknown> {
  const profile = new ProfileFolder(env.home);
  const settings = new KeptSettings(profile);
  using house = openHouse(profile, settings, openLog("warn"));
  const sharing = {
    view: { state: "stopped", server: settings.text("server") } as const,
    apply: async () => undefined,
  };
  const desktop = { name: "", virtual: false, abilities: new Set(PERMISSIONS) };
  const handlers: CommandHandlers = hostHandlers(house, sharing, desktop);
  return (handlers[name] as (ask: unknown) => unknown)(what);
}
