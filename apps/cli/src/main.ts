import { setDefaultResultOrder } from "node:dns";
import { ProfileError } from "@pulpit/profile-node";
import type { Command } from "./commands/command.ts";
import { connect } from "./commands/connect.ts";
import { discover } from "./commands/discover.ts";
import { doctor } from "./commands/doctor.ts";
import { host } from "./commands/host.ts";
import { id } from "./commands/id.ts";
import { server } from "./commands/server.ts";
import { up } from "./commands/up.ts";
import { readEnv } from "./env.ts";
import { FailedError, UsageError } from "./usage.ts";

const COMMANDS: readonly Command[] = [up, server, host, connect, discover, doctor, id];
/** Exit code of a command line that makes no sense. */
const BAD_USAGE = 2;
const FAILED = 1;

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join("\n");
  return `Usage: pulpit COMMAND [options]\n\n${list}\n\n'pulpit COMMAND --help' tells more.`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${overview()}\n`);
    return 0;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw new UsageError(`There is no command '${name}'; 'pulpit --help' lists them`);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`${command.helpOf?.(rest) ?? command.help}\n`);
    return 0;
  }
  return command.run(rest, readEnv());
}

// Host and viewer punch holes over IPv4 first of all; the ID server has to know them by those addresses.
setDefaultResultOrder("ipv4first");
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof UsageError || error instanceof FailedError || error instanceof ProfileError;
  if (!known) throw error;
  process.stderr.write(`pulpit: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? BAD_USAGE : FAILED;
}
// What still waits somewhere, such as a socket of a peer that has vanished, must not keep a finished program.
process.exit();
