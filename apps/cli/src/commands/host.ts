import { ID_SERVER_PORT } from "@pulpit/protocol";
import { openDesktop } from "../desktop.ts";
import type { Env } from "../env.ts";
import { HOST_COMMANDS } from "../host-commands/all.ts";
import { talk } from "../host-commands/talk.ts";
import { HOST_INSTALL_HELP, HOST_UNINSTALL_HELP, hostInstall, hostUninstall } from "../host-install/host-install.ts";
import { openLog } from "../log.ts";
import { terminalView } from "../screen-text.ts";
import { idServer } from "../settings/kinds.ts";
import { shareUntilStopped } from "../share.ts";
import { parse, sizeOption, UsageError } from "../usage.ts";
import { type Command, VIRTUAL_SIZE } from "./command.ts";

export const host: Command = {
  name: "host",
  summary: "Share this desktop through a server that runs elsewhere; its settings, page and log",
  get help() {
    return hostHelp();
  },

  helpOf: ([first]) =>
    first === "install" ? HOST_INSTALL_HELP : first === "uninstall" ? HOST_UNINSTALL_HELP : undefined,

  async run(args, env) {
    const [first] = args;
    if (first === "install") return hostInstall(args.slice(1), env);
    if (first === "uninstall") return hostUninstall(args.slice(1), env);
    const command = HOST_COMMANDS.find(({ name }) => name === first);
    return command === undefined ? share(args, env) : talk(command, args.slice(1), env);
  },
};

async function share(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parse(args, {
    server: { type: "string" },
    key: { type: "string" },
    relay: { type: "string" },
    virtual: { type: "boolean" },
    size: { type: "string" },
    open: { type: "boolean" },
    verbose: { type: "boolean" },
  });
  const [first] = positionals;
  if (first !== undefined) {
    throw new UsageError(`There is no 'pulpit host ${first}'; 'pulpit host --help' lists what there is`);
  }
  if (values.server !== undefined && idServer.read(values.server, ".") === undefined) {
    throw new UsageError(`--server wants ${idServer.wanted}, not '${values.server}'`);
  }
  if (values.key !== undefined && !/^[A-Za-z0-9+/]{43}=$/.test(values.key)) {
    throw new UsageError("--key wants the server's public key, 44 characters; 'pulpit server' prints it");
  }
  const log = openLog(values.verbose === true ? "info" : "warn");
  const size = sizeOption(values.size, VIRTUAL_SIZE);
  const { display, variables } = env;
  await using shared = await openDesktop({ display, virtual: values.virtual === true, size, variables, log });
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const given = {
    ...(values.server === undefined ? {} : { server: values.server }),
    ...(values.key === undefined ? {} : { "server-key": values.key }),
    ...(values.relay === undefined ? {} : { relay: values.relay }),
  };
  const openPage = values.open ?? process.stdin.isTTY === true;
  await shareUntilStopped(shared, { given, env, openPage }, terminalView({ url: undefined, write }), log.child("host"));
  return 0;
}

function hostHelp(): string {
  const commands: readonly (readonly [string, string])[] = [
    ...HOST_COMMANDS.flatMap(({ usage }) => usage),
    ["install [--system]", "Share this computer whenever you are logged in, or from boot; 'install --help' tells more"],
    ["uninstall [--system]", "The reverse"],
  ];
  const column = Math.max(...commands.map(([words]) => words.length));
  return `Usage: pulpit host [options]          share this desktop
       pulpit host COMMAND [options]  ask or change this computer's host, running or not

${commands.map(([words, about]) => `  ${words.padEnd(column)}  ${about}`).join("\n")}

Options of the commands: --json for programs.

Options, for this run; 'pulpit host set' decides for good:

  --server HOST[:PORT]  ID server (default port ${ID_SERVER_PORT}), or its web address, wss://HOST[:PORT]
  --key KEY             Its public key, 44 characters
  --relay HOST[:PORT]   Relay to use instead of the server's choice
  --virtual             Share a virtual desktop even if there is a real one
  --size WIDTHxHEIGHT   Size of the virtual desktop (default ${VIRTUAL_SIZE.width}x${VIRTUAL_SIZE.height})
  --no-open             Don't open the page of this computer in the browser
  --verbose             Log what happens
  --help                Show this`;
}
