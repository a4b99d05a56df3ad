import type { IncomingMessage } from "node:http";
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
  const server = new WebSocketServer({
    port: at.port,
    ...(at.host === undefined ? {} : { host: at.host }),
    maxPayload: at.limit,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  server.on("connection", (socket, request: IncomingMessage) => {
    const from = plainAddress(request.socket.remoteAddress);
    onLink(websocketLink(socket, { transport: "websocket", route: at.route, remote: from }, at.limit), from);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : at.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
