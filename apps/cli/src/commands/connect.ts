import { nodeClock } from "@pulpit/link-node";
import { startLocalViewer } from "@pulpit/local-viewer";
import { knownHostsIn, ProfileFolder } from "@pulpit/profile-node";
import { formatServerAddress } from "@pulpit/protocol";
import { NO_SERVER } from "@pulpit/viewer";
import { type Destination, destinationIn } from "../connect/destination.ts";
import { identityHere } from "../connect/here.ts";
import { PageLife } from "../connect/page-life.ts";
import { type Errand, reachingFor } from "../connect/reaching.ts";
import type { Env } from "../env.ts";
import { openLog } from "../log.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { hasOwnServer, serverOf } from "../reaching/known-server.ts";
import { proxyOf } from "../reaching/proxy-option.ts";
import { untilStopped } from "../until-stopped.ts";
import { parse, UsageError } from "../usage.ts";
import { type Command, WEB_PORT } from "./command.ts";

const OPTIONS = {
  server: { type: "string" },
  key: { type: "string" },
  proxy: { type: "string" },
  unencrypted: { type: "boolean" },
  forget: { type: "boolean" },
  web: { type: "string" },
  print: { type: "boolean" },
  verbose: { type: "boolean" },
} as const;

export const connect: Command = {
  name: "connect",
  summary: "See and control another computer, in the browser",
  help: `Usage: pulpit connect TARGET [options]

  123456789                an ID of the server; with /r behind it, through the relay on purpose
  123456789@HOST?key=KEY   … of another server
  192.168.1.20             an address: no server in between. A name has a port: desk.lan:21118
  pulpit:… rustdesk://…    a link to one of those; you are asked before anything is connected

This computer reaches the host itself, on every way it has, and shows it in a page of its own. Where it knows no
server, an ID is opened in the server's web client.

  --server HOST[:PORT]  ID server (default: the one this computer's host has), or a wss:// address
  --key KEY             Its public key, 44 characters (default: the host's)
  --proxy PROXY         Go through it: socks5://HOST:1080, http://HOST:3128, or none (default: the host's)
  --unencrypted         Go on with a stock host at an address, which encrypts nothing there
  --forget              Forget the key that is remembered for TARGET, and do nothing else
  --web URL             Open the ID in this web client instead (default where no server is known:
                        http://localhost:${WEB_PORT})
  --print               Print the address instead of opening a browser
  --verbose             Log what happens
  --help                Show this`,

  async run(args, env) {
    const { values, positionals } = parse(args, OPTIONS);
    const destination = destinationIn(positionals);
    const { target } = destination;
    if (values.forget === true) return forget(destination, values, env);
    const named = values.server !== undefined || (target.type === "id" && target.server !== undefined);
    const inWeb = values.web !== undefined || (target.type === "id" && !named && !hasOwnServer(env));
    if (inWeb) return openWebClient(destination, values.web, values.print === true);
    if (values.unencrypted === true && target.type === "id") {
      throw new UsageError("--unencrypted is for addresses; a host of a server always encrypts");
    }
    return showHere(destination, errandOf(destination, values, env), values, env);
  },
};

type Values = ReturnType<typeof parse<typeof OPTIONS>>["values"];

function errandOf({ target }: Destination, values: Values, env: Env): Errand {
  const proxy = proxyOf(values.proxy, env);
  const unencrypted = values.unencrypted === true;
  if (target.type === "address") return { target, server: undefined, proxy, unencrypted };
  if (target.server !== undefined && values.server !== undefined) {
    throw new UsageError("There are two servers: behind the @ and in --server");
  }
  const server = target.server === undefined ? values.server : formatServerAddress(target.server);
  return { target, server: serverOf({ server, key: target.serverKey ?? values.key }, env).server, proxy, unencrypted };
}

async function openWebClient(
  { target, name, fromLink }: Destination,
  web: string | undefined,
  print: boolean,
): Promise<number> {
  if (target.type !== "id") throw new UsageError("A web client can't go to an address; leave --web out");
  const base = web ?? `http://localhost:${WEB_PORT}`;
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) {
    throw new UsageError(`--web wants an http(s) address, not '${base}'`);
  }
  const place = target.relay ? `/connect/${target.id}/r` : `/connect/${target.id}`;
  // What somebody else wrote fills in the field, and nothing more.
  const url = new URL(fromLink ? `/?id=${encodeURIComponent(name)}` : place, base).href;
  process.stdout.write(`${url}\n`);
  // Where there is no browser the address is printed, and that has to do.
  if (!print) await openInBrowser(url);
  return 0;
}

async function forget({ target, name }: Destination, values: Values, env: Env): Promise<number> {
  const known = knownHostsIn(new ProfileFolder(env.home));
  const errand = errandOf({ target, name, fromLink: false }, values, env);
  const forgotten =
    target.type === "address"
      ? await known.forget(NO_SERVER, formatServerAddress(target))
      : await known.forget(errand.server?.key ?? "", target.id);
  process.stdout.write(forgotten ? `Forgotten: ${name}\n` : `No key is remembered for ${name}\n`);
  return forgotten ? 0 : 1;
}

/** Serves the page until nobody looks any more. */
async function showHere({ name, fromLink }: Destination, errand: Errand, values: Values, env: Env): Promise<number> {
  const folder = new ProfileFolder(env.home);
  using life = new PageLife();
  const log = openLog(values.verbose === true ? "info" : "warn");
  await using viewer = await startLocalViewer(
    // A port of its own each time: nobody who had it before can have left anything in the browser for this origin.
    { root: env.webRoot, port: 0, users: "own" },
    {
      log,
      clock: nodeClock(),
      greeting: { name, ask: fromLink, identity: identityHere(folder) },
      reaching: reachingFor(errand, knownHostsIn(folder)),
      onPages: (open) => life.changed(open),
    },
  );
  const url = viewer.link();
  process.stdout.write(`${url}\n`);
  const opened = values.print !== true && (await openInBrowser(url));
  process.stdout.write(
    opened ? "Close the page, or press Ctrl+C, to end.\n" : "Open it in a browser within a minute.\n",
  );
  const end = await Promise.race([life.over, untilStopped()]);
  if (end === "never-opened") process.stderr.write("Nobody has opened the page.\n");
  return end === "never-opened" ? 1 : 0;
}
