import { ID_SERVER_PORT } from "@pulpit/protocol";
import { openDesktop } from "../desktop.ts";
import { openLog } from "../log.ts";
import { terminalView } from "../screen-text.ts";
import { dataFolder } from "../server/data-folder.ts";
import { readServerConfig } from "../server-config/read-config.ts";
import { startServers } from "../servers.ts";
import { shareUntilStopped } from "../share.ts";
import { noMore, parse, sizeOption } from "../usage.ts";
import { type Command, VIRTUAL_SIZE, WEB_PORT } from "./command.ts";

export const up: Command = {
  name: "up",
  summary: "Everything at once: server, this desktop, web client",
  help: `Usage: pulpit up [options]

Starts the ID server, the relay and the web client, and shares this desktop. Prints where to open it, the ID
and the one-time password. Without a display it starts a virtual desktop.

  --virtual            Share a virtual desktop even if there is a real one
  --size WIDTHxHEIGHT  Size of the virtual desktop (default ${VIRTUAL_SIZE.width}x${VIRTUAL_SIZE.height})
  --port PORT          Main port of the ID server; the relay takes the next one (default ${ID_SERVER_PORT}; 0: free ones)
  --web-port PORT      Port of the web client (default ${WEB_PORT}; 0: a free one)
  --web-host ADDRESS   Address of the web client (default 127.0.0.1: this machine only)
  --plain-http anywhere  Serve it without TLS to other machines too
  --verbose            Log what happens
  --help               Show this`,

  async run(args, env) {
    const { values, positionals } = parse(args, {
      virtual: { type: "boolean" },
      size: { type: "string" },
      port: { type: "string" },
      "web-port": { type: "string" },
      "web-host": { type: "string" },
      "plain-http": { type: "string" },
      verbose: { type: "boolean" },
    });
    noMore(positionals);
    const size = sizeOption(values.size, VIRTUAL_SIZE);
    // What is set up for a server that runs for good is none of this one's business.
    const effective = readServerConfig({ flags: values, environment: {}, folder: process.cwd(), dotenv: undefined });
    const { webHost } = effective.config;
    const log = openLog(values.verbose === true ? "info" : "warn");
    const place = { data: dataFolder(env.home, undefined), webRoot: env.webRoot };
    await using servers = await startServers(effective, place, log);
    await using shared = await openDesktop({
      display: env.display,
      virtual: values.virtual === true,
      size,
      variables: env.variables,
      log,
    });
    const name = webHost === "127.0.0.1" || webHost === "0.0.0.0" ? "localhost" : webHost;
    const write = (line: string): void => void process.stdout.write(`${line}\n`);
    const what = shared.virtual
      ? `a virtual desktop (${size.width} × ${size.height})`
      : `the desktop on ${shared.display}`;
    write(`Pulpit shares ${what}. Stop with Ctrl+C.`);
    await shareUntilStopped(
      shared,
      {
        env,
        openPage: false,
        given: {
          server: `127.0.0.1:${servers.rendezvous.ports.main}`,
          "server-key": servers.serverKey,
          relay: "",
          sharing: "yes",
        },
      },
      terminalView({ url: `http://${name}:${servers.gateway.port}`, write }),
      log.child("host"),
    );
    return 0;
  },
};
