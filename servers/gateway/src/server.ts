import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { serve } from "@hono/node-server";
import type { Link } from "@pulpit/link";
import { type Log, MAX_WEBSOCKET_MESSAGE, plainAddress, websocketLink } from "@pulpit/link-node";
import type { RelayServer } from "@pulpit/relay";
import type { RendezvousServer } from "@pulpit/rendezvous";
import { WebSocketServer } from "ws";
import { type GatewayConfig, MAX_WEBSOCKETS } from "./config.ts";
import { pages } from "./pages.ts";

export interface GatewayServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts one HTTP port with everything a browser needs: the client, `/ws/id` and `/ws/relay`. */
export async function startGateway(
  config: GatewayConfig,
  world: { readonly log: Log; readonly rendezvous: RendezvousServer; readonly relay: RelayServer },
): Promise<GatewayServer> {
  const { log, rendezvous, relay } = world;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_WEBSOCKET_MESSAGE, perMessageDeflate: false });
  const open = new Set<Link>();
  const server = await new Promise<Server>((resolve, reject) => {
    const started = serve({ fetch: pages(config).fetch, hostname: config.host, port: config.port }, () =>
      resolve(started as Server),
    );
    started.once("error", reject);
  });

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node leaves this socket without anybody who hears of its errors.
    socket.on("error", () => socket.destroy());
    const path = pathOf(request.url);
    const known = path === "/ws/id" || path === "/ws/relay";
    if (!known || !sameOrigin(request) || open.size >= MAX_WEBSOCKETS) {
      log.info("WebSocket refused", { address: plainAddress(request.socket.remoteAddress), known });
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      const address = plainAddress(request.socket.remoteAddress);
      const route = path === "/ws/id" ? "server" : "relay";
      const link = websocketLink(websocket, { transport: "websocket", route, remote: address }, MAX_WEBSOCKET_MESSAGE);
      open.add(link);
      const served =
        route === "server" ? rendezvous.accept(link, { host: address, port: 0 }) : relay.accept(link, address);
      void served.finally(() => open.delete(link));
    });
  });

  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  log.info("web client ready", { port });
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...open].map((link) => link.close()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Undefined for what is no URL at all. */
function pathOf(url: string | undefined): string | undefined {
  const base = "http://gateway";
  return url !== undefined && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}

/** A browser says which page opened the socket; only ours may. Other programs send no Origin. */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
