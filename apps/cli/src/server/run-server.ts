import { keepNurserySmall, type Log } from "@pulpit/link-node";
import { keepMemoryTidy } from "@pulpit/net-linux";
import type { Env } from "../env.ts";
import { openLog } from "../log.ts";
import type { EffectiveConfig } from "../server-config/read-config.ts";
import { type Servers, startServers } from "../servers.ts";
import { dataFolder } from "./data-folder.ts";
import { type Joining, joiningLines, ownAddresses } from "./joining.ts";

/** Runs a server until it is told to stop, and lets relayed sessions go on for a while then. */
export async function runServer(effective: EffectiveConfig, env: Env): Promise<number> {
  const { config, warnings } = effective;
  const log = openLog(config.logLevel);
  for (const warning of warnings) log.warn("a setting does nothing", { setting: warning });
  keepNurserySmall();
  using _tidy = keepMemoryTidy();
  const place = { data: dataFolder(env.home, config.data), webRoot: env.webRoot };
  await using servers = await startServers(effective, place, log);
  const stopped = stopAsked(servers, config.drainSeconds * 1000, log);
  process.stdout.write(`${greeting(servers, effective).join("\n")}\n`);
  await stopped;
  return 0;
}

/** Signals: SIGHUP reads again; SIGTERM and SIGINT let sessions end; a second one of these waits for nobody. */
async function stopAsked(servers: Servers, drainWithin: number, log: Log): Promise<void> {
  process.on("SIGHUP", () => void servers.reload());
  const asked = Promise.withResolvers<void>();
  const insisted = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (servers.state === "draining") insisted.resolve();
      asked.resolve();
    });
  }
  await asked.promise;
  const { pairs } = servers.relay.stats();
  if (pairs > 0) log.info("stopping when relayed sessions have ended", { pairs, withinSeconds: drainWithin / 1000 });
  await Promise.race([servers.drain(drainWithin), insisted.promise]);
}

/** What the person needs to point clients here. */
function greeting(servers: Servers, { config }: EffectiveConfig): readonly string[] {
  const { rendezvous, relay, gateway, serverKey } = servers;
  const joining: Joining = {
    hosts: hostsOf(config),
    port: rendezvous.ports.main,
    relayPort: relay.ports.main,
    key: serverKey,
  };
  const secure = config.tlsCert !== undefined;
  const name = secure ? (config.publicHost ?? "localhost") : webName(config.webHost);
  return [
    "",
    `  Web           ${secure ? "https" : "http"}://${name}:${config.publicWebPort ?? gateway.port}`,
    "",
    ...joiningLines(joining, config.publicHost === undefined && config.host === undefined ? "guessed" : "told"),
  ];
}

function hostsOf({ publicHost, host }: EffectiveConfig["config"]): readonly string[] {
  if (publicHost !== undefined) return [publicHost];
  return host === undefined || host === "0.0.0.0" || host === "::" ? ownAddresses() : [host];
}

function webName(host: string): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
