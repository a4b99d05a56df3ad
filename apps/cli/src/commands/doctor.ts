import { nodeRandom } from "@pulpit/crypto-node";
import { ProfileFolder } from "@pulpit/profile-node";
import { ID_SERVER_PORT, parseServerAddress, publicKeyOf, RELAY_PORT, type ServerAddress } from "@pulpit/protocol";
import type { DoctorServer } from "../doctor/doctor-server.ts";
import { networkLines, serverLines } from "../doctor/network-text.ts";
import { checkOwnNetwork } from "../doctor/own-network.ts";
import { reach } from "../doctor/reach.ts";
import { reachedLines } from "../doctor/reached-text.ts";
import { checkServer } from "../doctor/server-checks.ts";
import type { Env } from "../env.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { grouped } from "../screen-text.ts";
import { parse, UsageError } from "../usage.ts";
import type { Command } from "./command.ts";

const WAYS: readonly string[] = ["lan", "tcp", "udp", "ipv6", "webrtc", "relay"];

export const doctor: Command = {
  name: "doctor",
  summary: "Whether the server can be reached, and how a host can",
  help: `Usage: pulpit doctor [options]      what of the server can be reached, and what this network lets through
       pulpit doctor ID [options]   how a host is reached, and why not otherwise; nobody logs in

  --server HOST[:PORT]  ID server (default: the one this computer's host has); a wss:// address goes
                        through the server's web port alone
  --key KEY             Its public key, 44 characters (default: the host's)
  --without WAY         Leave one out: ${WAYS.join(", ")}; may be given more than once
  --json                For programs
  --help                Show this

Exit code 1: the host, or the ID server, was not reached.`,

  async run(args, env) {
    const { values, positionals } = parse(args, {
      server: { type: "string" },
      key: { type: "string" },
      without: { type: "string", multiple: true },
      json: { type: "boolean" },
    });
    const id = positionals.join("").replaceAll(" ", "");
    if (id !== "" && !/^[\w.-]{6,253}$/u.test(id)) throw new UsageError("Whom to reach? Give an ID, such as 123456789");
    const without = new Set(values.without);
    for (const way of without) {
      if (!WAYS.includes(way)) throw new UsageError(`--without wants one of ${WAYS.join(", ")}, not '${way}'`);
    }
    const { server, relay } = serverOf(values, env);
    const print = (report: unknown, lines: readonly string[]): void => {
      process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : `\n${lines.join("\n")}\n\n`);
    };
    if (id !== "") {
      const reached = await reach(id, server, without);
      print({ id, ...reached }, reachedLines(grouped(id), reached));
      return reached.reached ? 0 : 1;
    }
    const checks = await checkServer(server, relay);
    const network = server.type === "ports" ? await checkOwnNetwork(server.address, nodeRandom()) : undefined;
    const about = network === undefined ? [] : ["", ...networkLines(network)];
    print({ server: checks, ...(network === undefined ? {} : { network }) }, [...serverLines(checks), ...about]);
    const isThere = checks.ports.some(({ purpose, outcome }) => purpose.startsWith("id") && outcome === "open");
    return isThere && checks.key !== "wrong-key" ? 0 : 1;
  },
};

function serverOf(
  given: { readonly server?: string | undefined; readonly key?: string | undefined },
  env: Env,
): { readonly server: DoctorServer; readonly relay: ServerAddress | undefined } {
  const kept = new KeptSettings(new ProfileFolder(env.home)).config;
  const text = given.server ?? kept.server;
  // Another server than the host's has another key.
  const key = given.key ?? (given.server === undefined ? kept["server-key"] : undefined);
  if (text === undefined) throw new UsageError("Which server? This computer's host has none; give --server and --key");
  if (key === undefined) throw new UsageError("--key is missing: the server's public key; 'pulpit server' prints it");
  if (publicKeyOf(key) === undefined) throw new UsageError("--key wants the server's public key, 44 characters");
  if (/^wss?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw new UsageError(`--server wants HOST, HOST:PORT or wss://HOST, not '${text}'`);
    const { protocol, host } = new URL(text);
    return { server: { type: "websocket", url: `${protocol}//${host}`, key }, relay: undefined };
  }
  const address = parseServerAddress(text, ID_SERVER_PORT);
  if (address === undefined) throw new UsageError(`--server wants HOST or HOST:PORT, not '${text}'`);
  const named = given.server === undefined && kept.relay !== undefined ? kept.relay : undefined;
  const relay = named === undefined ? undefined : parseServerAddress(named, RELAY_PORT);
  return { server: { type: "ports", address, key }, relay };
}
