import { nodeRandom } from "@pulpit/crypto-node";
import { networkLines, serverLines } from "../doctor/network-text.ts";
import { checkOwnNetwork } from "../doctor/own-network.ts";
import { reach } from "../doctor/reach.ts";
import { reachedLines } from "../doctor/reached-text.ts";
import { checkServer } from "../doctor/server-checks.ts";
import { serverOf } from "../reaching/known-server.ts";
import { proxyOf } from "../reaching/proxy-option.ts";
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
  --proxy PROXY         Go through it: socks5://HOST:1080, http://HOST:3128, or none (default: the host's)
  --without WAY         Leave one out: ${WAYS.join(", ")}; may be given more than once
  --json                For programs
  --help                Show this

Exit code 1: the host, or the ID server, was not reached.`,

  async run(args, env) {
    const { values, positionals } = parse(args, {
      server: { type: "string" },
      key: { type: "string" },
      proxy: { type: "string" },
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
    const proxy = proxyOf(values.proxy, env);
    const print = (report: unknown, lines: readonly string[]): void => {
      process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : `\n${lines.join("\n")}\n\n`);
    };
    if (id !== "") {
      const reached = await reach(id, server, without, proxy);
      print({ id, ...reached }, reachedLines(grouped(id), reached));
      return reached.reached ? 0 : 1;
    }
    const checks = await checkServer(server, relay, proxy);
    const network =
      server.type === "ports" && proxy === undefined ? await checkOwnNetwork(server.address, nodeRandom()) : undefined;
    const about = network === undefined ? [] : ["", ...networkLines(network)];
    print({ server: checks, ...(network === undefined ? {} : { network }) }, [...serverLines(checks), ...about]);
    const isThere = checks.ports.some(({ purpose, outcome }) => purpose.startsWith("id") && outcome === "open");
    return isThere && checks.key !== "wrong-key" ? 0 : 1;
  },
};
