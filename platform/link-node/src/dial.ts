import { type Dial, framed, LinkError } from "@pulpit/link";
import { parseServerAddress } from "@pulpit/protocol";
import { dialThroughProxy } from "./proxy/dial-through-proxy.ts";
import { ProxyAgent } from "./proxy/proxy-agent.ts";
import type { ProxySetting } from "./proxy/proxy-setting.ts";
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

/** The same through a proxy, which also looks up the names. */
export function proxyDial(proxy: ProxySetting): Dial {
  return async (address, { route, signal }) => {
    if (/^wss?:\/\//.test(address)) {
      const agent = new ProxyAgent(proxy, { secure: address.startsWith("wss:"), signal });
      return dialWebSocket(address, { route, signal, limit: LIMIT, agent });
    }
    const server = parseServerAddress(address, 0);
    if (server === undefined) throw new LinkError("not-found", "not an address");
    return framed(await dialThroughProxy(proxy, server, { route, signal }), LIMIT);
  };
}
