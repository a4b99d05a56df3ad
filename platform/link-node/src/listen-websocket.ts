import { createServer, type IncomingMessage } from "node:http";
import type { Link } from "@pulpit/link";
import { WebSocketServer } from "ws";
import { plainAddress } from "./plain-address.ts";
import { websocketLink } from "./websocket.ts";

/** A listening WebSocket port of its own, any path (docs/protocol/wire.md, section 4.1). `limit`: bytes of a message. */
export async function listenWebSocket(
  at: {
    readonly host: string | undefined;
    readonly port: number;
    readonly limit: number;
    readonly route: "server" | "relay";
  },
  onLink: (link: Link, from: string) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const http = createServer((_request, response) => {
    response.writeHead(426, { Connection: "close" }).end();
  });
  const sockets = new WebSocketServer({ server: http, maxPayload: at.limit, perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    http.once("listening", resolve);
    sockets.once("error", reject);
    http.listen({ port: at.port, ...(at.host === undefined ? {} : { host: at.host }) });
  });
  sockets.on("connection", (socket, request: IncomingMessage) => {
    const from = plainAddress(request.socket.remoteAddress);
    onLink(websocketLink(socket, { transport: "websocket", route: at.route, remote: from }, at.limit), from);
  });
  const address = http.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : at.port,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      sockets.close();
      // Those that never became WebSockets; the others are their links' to close.
      http.closeAllConnections();
      await closed;
    },
  };
}
