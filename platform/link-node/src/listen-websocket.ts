import { createServer } from "node:http";
import type { Link } from "@pulpit/link";
import { AddressList } from "./address-list.ts";
import { Admission } from "./admission.ts";
import { clientAddress } from "./client-address.ts";
import { boundHttp, HTTP_BOUNDS } from "./http-bounds.ts";
import { type NotOpened, WebSocketDoor } from "./websocket-door.ts";

/** Connections at a time, unless told otherwise. */
const MAX_CONNECTIONS = 10_000;
/** … and from one address: a company or a mobile network behind one is not shut out. */
const MAX_CONNECTIONS_PER_ADDRESS = 256;

/** A listening WebSocket port of its own, any path (docs/protocol/wire.md, section 4.1). `limit`: bytes of a message. */
export async function listenWebSocket(
  at: {
    readonly host: string | undefined;
    readonly port: number;
    readonly limit: number;
    readonly route: "server" | "relay";
    readonly maxConnections?: number;
    readonly connectionsPerAddress?: number;
    /** Addresses and networks of proxies whose word on a client's address counts. */
    readonly trusted?: readonly string[];
  },
  onLink: (link: Link, from: string) => void,
  refused: (from: string, why: NotOpened) => void = () => undefined,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const trusted = new AddressList(at.trusted ?? []);
  const limits = {
    all: at.maxConnections ?? MAX_CONNECTIONS,
    perAddress: at.connectionsPerAddress ?? MAX_CONNECTIONS_PER_ADDRESS,
  };
  const door = new WebSocketDoor(at, new Admission(limits));
  const http = createServer(HTTP_BOUNDS, (_request, response) => {
    response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
  });
  boundHttp(http, new Admission(limits), trusted, refused);
  http.on("upgrade", (request, tcp, head) => {
    // Node leaves this socket without anybody who hears of its errors.
    tcp.on("error", () => tcp.destroy());
    const from = clientAddress(request, trusted);
    const outcome = door.open(request, tcp, head, from, (link) => onLink(link, from));
    if (outcome !== "opened") refused(from, outcome);
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen({ port: at.port, ...(at.host === undefined ? {} : { host: at.host }) }, () => resolve());
  });
  const address = http.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : at.port,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // Those that never became WebSockets; the others are their links' to close.
      http.closeAllConnections();
      await closed;
    },
  };
}
