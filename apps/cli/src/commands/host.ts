import { ProfileFolder } from "@pulpit/profile-node";
import { ID_SERVER_PORT, parseServerAddress } from "@pulpit/protocol";
import { openDesktop } from "../desktop.ts";
import { openLog } from "../log.ts";
import { terminalView } from "../screen-text.ts";
import { shareUntilStopped } from "../share.ts";
import { noMore, parse, sizeOption, UsageError } from "../usage.ts";
import { type Command, VIRTUAL_SIZE } from "./command.ts";

export const host: Command = {
  name: "host",
  summary: "Share this desktop through a server that runs elsewhere",
  help: `Usage: pulpit host --server HOST[:PORT] --key KEY [options]

  --server HOST[:PORT]  ID server (default port ${ID_SERVER_PORT})
  --key KEY             Its public key, 44 characters
  --relay HOST[:PORT]   Relay to use instead of the server's choice
  --virtual             Share a virtual desktop even if there is a real one
  --size WIDTHxHEIGHT   Size of the virtual desktop (default ${VIRTUAL_SIZE.width}x${VIRTUAL_SIZE.height})
  --verbose             Log what happens
  --help                Show this`,

  async run(args, env) {
    const { values, positionals } = parse(args, {
      server: { type: "string" },
      key: { type: "string" },
      relay: { type: "string" },
      virtual: { type: "boolean" },
      size: { type: "string" },
      verbose: { type: "boolean" },
    });
    noMore(positionals);
    if (values.server === undefined) throw new UsageError("--server is missing: which ID server?");
    const idServer = parseServerAddress(values.server, ID_SERVER_PORT);
    if (idServer === undefined) throw new UsageError(`--server wants HOST or HOST:PORT, not '${values.server}'`);
    if (values.key === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(values.key)) {
      throw new UsageError("--key wants the server's public key, 44 characters; 'pulpit server' prints it");
    }
    const log = openLog(values.verbose === true ? "info" : "warn");
    const size = sizeOption(values.size, VIRTUAL_SIZE);
    await using shared = await openDesktop({ display: env.display, virtual: values.virtual === true, size });
    const write = (line: string): void => void process.stdout.write(`${line}\n`);
    const relay = values.relay === undefined ? {} : { relayServer: values.relay };
    await shareUntilStopped(
      shared,
      { profile: new ProfileFolder(env.home), idServer, serverKey: values.key, ...relay },
      terminalView({ url: undefined, write }),
      log.child("host"),
    );
    return 0;
  },
};
