import type { Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import type { AddressList } from "./address-list.ts";
import type { Admission, NoRoom } from "./admission.ts";
import { plainAddress } from "./plain-address.ts";

/** Request line and headers together, bytes: browsers bring cookies of everything else on the same name. */
const MAX_HEADER_BYTES: number = 16 * 1024;
/** Headers of one request that are looked at. */
const MAX_HEADERS = 100;
/** Headers have to be complete within this after the first byte, or after the connection without one, ms. */
const HEADERS_WITHIN = 10_000;
/** … and a request with its body, ms: nothing here reads one. */
const REQUEST_WITHIN = 20_000;
/** How often those two are looked at, ms. */
const OVERDUE_EVERY = 2_000;
/** A connection may wait this long for its next request, ms: longer than proxies keep theirs open (60 s). */
const IDLE_LIMIT = 65_000;
/** An answer nobody reads is given up after this long without a byte, ms. */
const UNREAD_LIMIT = 60_000;
/** Requests on one connection; then the client opens another. */
const MAX_REQUESTS_PER_CONNECTION = 1_000;

/** For `createServer`: how long and how large a request may be, so that slow and fat ones don't add up. */
export const HTTP_BOUNDS: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_WITHIN,
  requestTimeout: REQUEST_WITHIN,
  connectionsCheckingInterval: OVERDUE_EVERY,
  keepAliveTimeout: IDLE_LIMIT,
};

/** The rest of the bounds, and how many connections there may be, trusted proxies' not counted by address. */
export function boundHttp(
  server: Server,
  admission: Admission,
  trusted: AddressList,
  refused: (address: string, why: NoRoom) => void,
): void {
  server.maxHeadersCount = MAX_HEADERS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  server.timeout = UNREAD_LIMIT;
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    const source = trusted.has(address) ? undefined : address;
    const room = admission.enter(source);
    if (room === "entered") {
      socket.once("close", () => admission.leave(source));
      return;
    }
    refused(address, room);
    socket.destroy();
  });
}
