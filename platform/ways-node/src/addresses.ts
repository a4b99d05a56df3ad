import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { LinkError } from "@pulpit/link";

/** Any public addresses: only the routes to them are looked up, nothing is sent. */
const SOMEWHERE_IPV4 = "192.0.2.1";
const SOMEWHERE_IPV6 = "2001:db8::1";

/** A numeric IPv4 address of a server. Rejects with LinkError not-found. */
export async function ipv4Of(host: string): Promise<string> {
  if (isIP(host) === 4) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch (cause) {
    throw new LinkError("not-found", "the server has no IPv4 address", { cause });
  }
}

/**
 * The address of a server for TCP: IPv4 wherever this machine has a way to it, as most peers have, and IPv6 otherwise.
 * Rejects with LinkError not-found.
 */
export async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  let found: readonly { readonly address: string; readonly family: number }[];
  try {
    found = await lookup(host, { all: true });
  } catch (cause) {
    throw new LinkError("not-found", "the server has no address", { cause });
  }
  const [first] = found;
  for (const { address, family } of found) {
    if (family === 4 && (await localTowards(address)) !== undefined) return address;
  }
  const other = found.find(({ family }) => family === 6) ?? first;
  if (other === undefined) throw new LinkError("not-found", "the server has no address");
  return other.address;
}

/** Whether this machine can send anything over IPv4. */
export async function hasIpv4(): Promise<boolean> {
  return (await localTowards(SOMEWHERE_IPV4)) !== undefined;
}

/** The address of this machine from which it reaches another one; undefined when it can't. */
export function localTowards(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const settle = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once("error", () => settle(undefined));
    // Port 9 discards; connecting a UDP socket sends nothing. Node calls back on failure, too.
    socket.connect(9, host, ((error?: Error | null) =>
      settle(error ? undefined : socket.address().address)) as () => void);
  });
}

/** The public IPv6 address of this machine; undefined without one. */
export async function publicIpv6(): Promise<string | undefined> {
  const address = await localTowards(SOMEWHERE_IPV6);
  return address !== undefined && /^[23][0-9a-f]{3}:/i.test(address) ? address : undefined;
}

/** Whether an address is of one's own network or machine (RFC 1918, RFC 3927, RFC 6598, loopback). */
export function isNear(address: string): boolean {
  const [a = 0, b = 0] = address.split(".").map(Number);
  if (isIP(address) !== 4) return address === "::1" || /^f[cde]/i.test(address);
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 100) return b >= 64 && b < 128;
  return (a === 192 && b === 168) || (a === 169 && b === 254);
}
