import { AdminError, ask } from "@pulpit/admin";
import type { Env } from "../env.ts";
import { dataFolder } from "../server/data-folder.ts";
import { readServerConfig } from "../server-config/read-config.ts";
import { FailedError, parse } from "../usage.ts";
import type { ServerCommand } from "./server-command.ts";

/** Runs one command about a server. Resolves with the exit code. */
export async function talk(command: ServerCommand, args: readonly string[], env: Env): Promise<number> {
  const own = Object.fromEntries((command.switches ?? []).map((name) => [name, { type: "boolean" as const }]));
  const { values, positionals } = parse(args, {
    json: { type: "boolean" },
    data: { type: "string" },
    config: { type: "string", short: "c" },
    ...own,
  });
  const { config } = readServerConfig({
    flags: { data: values.data, config: values.config },
    environment: env.variables,
    folder: process.cwd(),
    dotenv: env.dotenv,
  });
  const data = dataFolder(env.home, config.data);
  try {
    const said = await command.run({
      args: positionals,
      flags: values as Readonly<Record<string, boolean | undefined>>,
      data,
      // The table of questions gives each its answer's type; the server answers by the same table.
      ask: (name, what) => ask(data.socket, name, what) as Promise<never>,
    });
    process.stdout.write(`${values.json === true ? JSON.stringify(said.value, undefined, 2) : said.text}\n`);
    return said.exitCode ?? 0;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    if (error.code !== "not-running") throw new FailedError(error.message, { cause: error });
    throw new FailedError(
      `No server runs on the data folder ${data.path}. Start one with 'pulpit server', or say with --data or ` +
        "--config where the running one has it",
      { cause: error },
    );
  }
}
