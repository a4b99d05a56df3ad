import { type Dial, framed, LinkError } from "@pulpit/link";
import { parseServerAddress } from "@pulpit/protocol";
import { dialTcp } from "./tcp.ts";
import { dialWebSocket } from "./websocket.ts";

/** Largest message before anybody asked for another limit, bytes. */
const LIMIT = 64 * 1024;

/** Dials `ws://…` and `wss://…` as WebSockets and everything else as framed TCP, `host:port`. */
export const dial: Dial = async (address, { route, signal }) => {
  if (/^wss?:\/\//.test(address)) return dialWebSocket(address, { route, signal, limit: LIMIT });
  const server = parseServerAddress(address, 0);
  if (server === undefined) throw new LinkError("not-found", "not an address");
  return framed(await dialTcp(server, { route, signal }), LIMIT);
};
