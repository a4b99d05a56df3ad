import { ID_SERVER_PORT } from "@pulpit/protocol";
import { openLog } from "../log.ts";
import { startServers } from "../servers.ts";
import { untilStopped } from "../until-stopped.ts";
import { noMore, parse, portOption } from "../usage.ts";
import { type Command, WEB_PORT } from "./command.ts";

export const server: Command = {
  name: "server",
  summary: "ID server, relay and web client, without sharing a desktop",
  help: `Usage: pulpit server [options]

  --port PORT          Main port of the ID server; also the one below (TCP) and two above (WebSocket);
                       the relay takes the next one and two above it (default ${ID_SERVER_PORT})
  --host ADDRESS       Address of these ports (default: all)
  --web-port PORT      Port of the web client (default ${WEB_PORT})
  --web-host ADDRESS   Address of the web client (default 127.0.0.1: this machine only)
  --quiet              Log warnings only
  --help               Show this`,

  async run(args, env) {
    const { values, positionals } = parse(args, {
      port: { type: "string" },
      host: { type: "string" },
      "web-port": { type: "string" },
      "web-host": { type: "string" },
      quiet: { type: "boolean" },
    });
    noMore(positionals);
    const log = openLog(values.quiet === true ? "warn" : "info");
    await using servers = await startServers(
      {
        home: env.home,
        webRoot: env.webRoot,
        port: portOption("port", values.port, ID_SERVER_PORT),
        webPort: portOption("web-port", values["web-port"], WEB_PORT),
        webHost: values["web-host"] ?? "127.0.0.1",
        host: values.host,
      },
      log,
    );
    const { serverKey, gateway, rendezvous } = servers;
    const port = rendezvous.ports.main === ID_SERVER_PORT ? "" : `:${rendezvous.ports.main}`;
    const lines = [
      "",
      `  Web      http://localhost:${gateway.port}`,
      `  Key      ${serverKey}`,
      "",
      `  Share a desktop: pulpit host --server ADDRESS${port} --key ${serverKey}`,
      "  ADDRESS is this machine's, as the other one reaches it.",
      "",
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
    await untilStopped();
    return 0;
  },
};
