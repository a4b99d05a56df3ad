import { isIPv4, isIPv6, SocketAddress } from "node:net";
import { LinkError } from "@pulpit/link";
import { ADDRESS_BYTES, packAddress } from "@pulpit/protocol";
import { plainAddress } from "../plain-address.ts";
import type { ProxyConversation } from "./conversation.ts";
import type { ProxiedAddress } from "./proxied-address.ts";
import { ProxyError } from "./proxy-error.ts";
import type { ProxyCredentials } from "./proxy-setting.ts";

/** Names and numbers of RFC 1928. */
const VERSION = 5;
const CONNECT = 1;
const Method = { none: 0, userPassword: 2, noneAcceptable: 0xff } as const;
const AddressType = { ipv4: 1, name: 3, ipv6: 4 } as const;
/** Version of the user name and password exchange (RFC 1929). */
const AUTHENTICATION_VERSION = 1;

/** REP of RFC 1928, section 6. */
const REPLIES: Readonly<Record<number, readonly [failure: "forbidden" | "no-target" | "protocol", message: string]>> = {
  1: ["no-target", "general failure"],
  2: ["forbidden", "its rules forbid the connection"],
  3: ["no-target", "the network can't be reached"],
  4: ["no-target", "the address can't be reached"],
  5: ["no-target", "the address refuses connections"],
  6: ["no-target", "too many hops"],
  7: ["protocol", "does not know CONNECT"],
  8: ["protocol", "does not know this kind of address"],
};

/** Asks a SOCKS5 proxy for a connection; names go as names. Rejects with LinkError. */
export async function connectSocks5(
  proxy: ProxyConversation,
  target: ProxiedAddress,
  credentials: ProxyCredentials | undefined,
): Promise<void> {
  const methods = credentials === undefined ? [Method.none] : [Method.none, Method.userPassword];
  proxy.say(Uint8Array.of(VERSION, methods.length, ...methods));
  const [version, method] = await proxy.take(2);
  if (version !== VERSION) throw new ProxyError("protocol", "does not speak SOCKS5");
  if (method === Method.noneAcceptable) throw new ProxyError("credentials", "wants to know who we are");
  if (!methods.some((offered) => offered === method)) throw new ProxyError("protocol", "chose what was not offered");
  if (method === Method.userPassword && credentials !== undefined) await authenticate(proxy, credentials);

  proxy.say(Uint8Array.of(VERSION, CONNECT, 0, ...addressBytes(target.host), target.port >> 8, target.port & 0xff));
  const [again, reply = 0, , addressType] = await proxy.take(4);
  if (again !== VERSION) throw new ProxyError("protocol", "does not speak SOCKS5");
  if (reply !== 0) throw new ProxyError(...(REPLIES[reply] ?? (["protocol", "unknown reply"] as const)));
  // The address it connected from; nobody needs it, but it stands before the first byte of the host.
  if (addressType === AddressType.ipv4) await proxy.take(4 + 2);
  else if (addressType === AddressType.ipv6) await proxy.take(16 + 2);
  else if (addressType === AddressType.name) {
    const [length = 0] = await proxy.take(1);
    await proxy.take(length + 2);
  } else throw new ProxyError("protocol", "unknown kind of address");
}

async function authenticate(proxy: ProxyConversation, { user, password }: ProxyCredentials): Promise<void> {
  const [name, secret] = [Buffer.from(user), Buffer.from(password)];
  proxy.say(Uint8Array.of(AUTHENTICATION_VERSION, name.length, ...name, secret.length, ...secret));
  const [version, status] = await proxy.take(2);
  if (version !== AUTHENTICATION_VERSION) throw new ProxyError("protocol", "unknown kind of authentication");
  if (status !== 0) throw new ProxyError("credentials", "refuses user or password");
}

/** ATYP and DST.ADDR; an IPv4 address in IPv6 dress goes as what it is. */
function addressBytes(host: string): Uint8Array {
  const plain = isIPv6(host) ? plainAddress(new SocketAddress({ address: host, family: "ipv6" }).address) : host;
  if (isIPv4(plain)) return Uint8Array.of(AddressType.ipv4, ...plain.split(".").map(Number));
  if (isIPv6(plain)) {
    const bytes = new Uint8Array(ADDRESS_BYTES);
    if (!packAddress(plain, bytes, 0)) throw new LinkError("not-found", "an address nobody has");
    return Uint8Array.of(AddressType.ipv6, ...bytes);
  }
  const name = Buffer.from(plain, "latin1");
  return Uint8Array.of(AddressType.name, name.length, ...name);
}
