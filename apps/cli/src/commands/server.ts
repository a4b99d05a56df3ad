import type { Env } from "../env.ts";
import { runServer } from "../server/run-server.ts";
import { SERVER_COMMANDS } from "../server-commands/all.ts";
import { serverHelp } from "../server-commands/help.ts";
import { talk } from "../server-commands/talk.ts";
import { serverFlags } from "../server-config/flags.ts";
import { readServerConfig } from "../server-config/read-config.ts";
import { parse, UsageError } from "../usage.ts";
import type { Command } from "./command.ts";

export const server: Command = {
  name: "server",
  summary: "ID server, relay and web client; status, devices and more of a running one",
  get help() {
    return serverHelp();
  },

  run(args, env) {
    const [first] = args;
    const command = SERVER_COMMANDS.find(({ name }) => name === first);
    return command === undefined ? start(args, env) : talk(command, args.slice(1), env);
  },
};

async function start(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parse(args, serverFlags());
  const [first] = positionals;
  if (first !== undefined)
    throw new UsageError(`There is no 'pulpit server ${first}'; 'pulpit server --help' lists what there is`);
  const effective = readServerConfig({
    flags: values,
    environment: env.variables,
    folder: process.cwd(),
    dotenv: env.dotenv,
  });
  return runServer(effective, env);
}
