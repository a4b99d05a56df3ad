import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AddressList,
  Admission,
  boundHttp,
  HTTP_BOUNDS,
  type Log,
  OffenderLog,
  refuseUpgrade,
} from "@pulpit/link-node";
import { knowsLoopbackOwners } from "@pulpit/net-linux";
import { ClientUsers } from "./client-users.ts";
import type { LocalPageConfig } from "./config.ts";
import { Doorkeeper } from "./doorkeeper.ts";
import { FileAnswers } from "./file-answers.ts";
import type { PageSocket } from "./page-socket.ts";
import { readSite } from "./site.ts";

export interface LocalPageWorld {
  readonly log: Log;
  /** ms. */
  readonly now: () => number;
  /** What is behind each path that has a WebSocket. */
  readonly sockets: ReadonlyMap<string, PageSocket>;
}

export interface LocalPage extends AsyncDisposable {
  readonly port: number;
  /** Of the page; without a token it shows nothing. */
  readonly url: string;
  /** Which rule holds: `any` when it was asked for, or the system can't tell users apart. */
  readonly users: LocalPageConfig["users"];
  /**
   * The page with a token that lets it in once, within a minute. `forUser`: the uid whose browser it is for, the one
   * of this process by default.
   */
  link(forUser?: number): string;
}

/** Serves a page on 127.0.0.1. Rejects with what the system says about the port. */
export async function startLocalPage(config: LocalPageConfig, world: LocalPageWorld): Promise<LocalPage> {
  const { log, now, sockets } = world;
  const own = config.users === "own" && knowsLoopbackOwners() ? process.geteuid?.() : undefined;
  if (config.users === "own" && own === undefined) log.warn("users can't be told apart here: a link is all it takes");
  const files = new FileAnswers(readSite(config.root, config.json), config);
  const doorkeeper = new Doorkeeper(own, { log, now });
  const users = new ClientUsers((user) => doorkeeper.expects(user));
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
      if (status !== undefined) files.refuse(request, response, status);
      else files.answer(request, response);
    },
  );
  const admission = new Admission({ all: config.maxConnections, perAddress: config.maxConnections });
  boundHttp(server, admission, new AddressList([]), (address, why) =>
    refused.report("connection to the page refused", address, { why }),
  );
  if (own !== undefined) server.on("connection", (socket) => users.meet(socket));
  server.on("upgrade", (request, tcp, head) => {
    // Node leaves this socket without anybody who hears of its errors.
    tcp.on("error", () => tcp.destroy());
    const status = against(request);
    if (status !== undefined) return refuseUpgrade(tcp, status);
    const behind = request.method === "GET" ? sockets.get(request.url ?? "") : undefined;
    if (behind === undefined) return refuseUpgrade(tcp, 404);
    // A page of another origin may send this request, but it can't say it comes from ours.
    if (request.headers.origin !== `http://${request.headers.host}`) {
      refused.report("a page of another origin was turned away", request.headers.origin?.slice(0, 100) ?? "none");
      return refuseUpgrade(tcp, 403);
    }
    const user = own === undefined ? undefined : users.of(request.socket);
    behind.open(request, tcp, head, (opening) => doorkeeper.letIn(opening, user));
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
  return {
    port,
    url,
    users: own === undefined ? "any" : "own",
    link: (forUser) => `${url}#token=${doorkeeper.token(own === undefined ? undefined : (forUser ?? own))}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...sockets.values()].map((behind) => behind.close()));
      server.closeAllConnections();
      await closed;
    },
  };
}
