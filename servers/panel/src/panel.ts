import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type CommandHandlers, type HostView, PAGE_CHANNEL_PATH } from "@pulpit/host-control";
import {
  AddressList,
  Admission,
  boundHttp,
  HTTP_BOUNDS,
  type Log,
  nodeClock,
  OffenderLog,
  refuseUpgrade,
} from "@pulpit/link-node";
import { knowsLoopbackOwners } from "@pulpit/net-linux";
import { Channel } from "./channel.ts";
import { ClientUsers } from "./client-users.ts";
import { MAX_CONNECTIONS, type PanelConfig } from "./config.ts";
import { Doorkeeper } from "./doorkeeper.ts";
import { answerWithFile, refuse } from "./file-answers.ts";
import { readSite } from "./site.ts";

export interface PanelWorld {
  readonly log: Log;
  readonly handlers: CommandHandlers;
  readonly view: () => HostView;
  /** The listener is told that the view is another one now, until it is cancelled. */
  readonly onChanged: (listener: () => void) => () => void;
  readonly clock?: ReturnType<typeof nodeClock>;
}

export interface Panel extends AsyncDisposable {
  readonly port: number;
  /** Of the page; without a token it shows nothing. */
  readonly url: string;
  /** Which rule holds: `any` when it was asked for, or the system can't tell users apart. */
  readonly users: PanelConfig["users"];
  /** Pages that are open. */
  readonly pages: number;
  /**
   * The page with a token that lets it in once, within a minute. `forUser`: the uid whose browser it is for, the one
   * of this process by default.
   */
  link(forUser?: number): string;
}

/** Serves the host's page on 127.0.0.1. Rejects with what the system says about the port. */
export async function startPanel(config: PanelConfig, world: PanelWorld): Promise<Panel> {
  const { log } = world;
  const clock = world.clock ?? nodeClock();
  const now = (): number => clock.now();
  const own = config.users === "own" && knowsLoopbackOwners() ? process.geteuid?.() : undefined;
  if (config.users === "own" && own === undefined) log.warn("users can't be told apart here: a link is all it takes");
  const site = readSite(config.root);
  const doorkeeper = new Doorkeeper(own, { log, now });
  const users = new ClientUsers((user) => doorkeeper.expects(user));
  const channel = new Channel(doorkeeper, { log, handlers: world.handlers, view: world.view, now }, clock.alarm);
  const refused = new OffenderLog(log, now);
  const hosts = new Set<string | undefined>();

  /** The status of a refusal; undefined when there is nothing against it. */
  function against({ headers, socket }: IncomingMessage): 403 | 421 | undefined {
    const user = users.of(socket);
    if (own !== undefined && (user === undefined || !doorkeeper.expects(user))) {
      refused.report("another user was turned away", `uid ${user ?? "unknown"}`);
      return 403;
    }
    // A name that leads here from elsewhere would make its own pages ours (DNS rebinding).
    return hosts.has(headers.host) ? undefined : 421;
  }

  const server = createServer(
    { ...HTTP_BOUNDS, shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket" },
    (request, response) => {
      const status = against(request);
      if (status !== undefined) refuse(request, response, status);
      else answerWithFile(request, response, site);
    },
  );
  const admission = new Admission({ all: MAX_CONNECTIONS, perAddress: MAX_CONNECTIONS });
  boundHttp(server, admission, new AddressList([]), (address, why) =>
    refused.report("connection to the page refused", address, { why }),
  );
  if (own !== undefined) server.on("connection", (socket) => users.meet(socket));
  server.on("upgrade", (request, tcp, head) => {
    // Node leaves this socket without anybody who hears of its errors.
    tcp.on("error", () => tcp.destroy());
    const status = against(request);
    if (status !== undefined) return refuseUpgrade(tcp, status);
    if (request.method !== "GET" || request.url !== PAGE_CHANNEL_PATH) return refuseUpgrade(tcp, 404);
    // A page of another origin may send this request, but it can't say it comes from ours.
    if (request.headers.origin !== `http://${request.headers.host}`) {
      refused.report("a page of another origin was turned away", request.headers.origin?.slice(0, 100) ?? "none");
      return refuseUpgrade(tcp, 403);
    }
    channel.open(request, tcp, head, own === undefined ? undefined : users.of(request.socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: config.port, host: "127.0.0.1" }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  for (const name of ["127.0.0.1", "localhost"]) hosts.add(`${name}:${port}`);
  const url = `http://127.0.0.1:${port}/`;
  const cancel = world.onChanged(() => channel.changed());
  log.info("the host's page is ready", { port });
  return {
    port,
    url,
    users: own === undefined ? "any" : "own",
    get pages() {
      return channel.pages;
    },
    link: (forUser) => `${url}#token=${doorkeeper.token(own === undefined ? undefined : (forUser ?? own))}`,
    async [Symbol.asyncDispose]() {
      cancel();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await channel.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
