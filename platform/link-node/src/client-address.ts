import type { IncomingMessage } from "node:http";
import { isIP, isIPv4, SocketAddress } from "node:net";
import type { AddressList } from "./address-list.ts";
import { plainAddress } from "./plain-address.ts";

/**
 * Whom a request is from. The connection says it; only when that is a trusted proxy, what the proxy says
 * (docs/protocol/rendezvous.md, chapter 9, row 13).
 */
export function clientAddress(request: IncomingMessage, trusted: AddressList): string {
  let address = plainAddress(request.socket.remoteAddress);
  if (!trusted.has(address)) return address;
  const forwarded = request.headers["x-forwarded-for"];
  if (forwarded === undefined) return addressIn(request.headers["x-real-ip"]) ?? address;
  // Each proxy adds who spoke to it at the end: what stands before the first stranger is that stranger's own word.
  for (const hop of String(forwarded).split(",").reverse()) {
    const before = addressIn(hop);
    if (before === undefined) return address;
    address = before;
    if (!trusted.has(address)) return address;
  }
  return address;
}

/** One address in its usual form, without a port that some proxies add. */
function addressIn(value: string | string[] | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  if (isIPv4(bare)) return bare;
  if (isIP(bare) === 0 || bare.includes("%")) return undefined;
  return plainAddress(new SocketAddress({ address: bare, family: "ipv6" }).address);
}
