import { answeringBeats, encryptedServerLink, type Link } from "@pulpit/link";
import {
  type ChannelKeys,
  formatServerAddress,
  ID_SERVER_PORT,
  type IdServerAddress,
  type ServerAddress,
} from "@pulpit/protocol";
import type { HostWorld } from "./options.ts";

/** What to dial for the ID server. */
export function idServerTarget(server: IdServerAddress): string {
  return "url" in server ? `${server.url}/ws/id` : formatServerAddress(server);
}

/** What to dial for a relay: a host that knows a web address goes to the relay behind it, whatever viewers are told. */
export function relayTarget(server: IdServerAddress, relay: ServerAddress): string {
  return "url" in server ? `${server.url}/ws/relay` : formatServerAddress(relay);
}

/** Where the server's own ports are; behind a web address the usual ones, for viewers that get to them. */
export function portsOf(server: IdServerAddress): ServerAddress {
  return "url" in server ? { host: server.host, port: ID_SERVER_PORT } : server;
}

/**
 * A connection to the ID server that shows nobody else what is said: by the keys they agree on, or, at a web address, by
 * TLS. `serverKey`: 32 bytes. `beaten` hears of the empty messages that are answered here. @throws LinkError as
 * encryptedServerLink
 */
export async function privateLink(
  link: Link,
  server: IdServerAddress,
  world: HostWorld,
  options: { readonly serverKey: Uint8Array; readonly beaten: () => void },
): Promise<{ readonly link: Link; readonly keys: ChannelKeys["type"] | "certificate" }> {
  // Nothing is agreed on a WebSocket (docs/protocol/rendezvous.md, section 4.23).
  if ("url" in server) return { link: answeringBeats(link, options.beaten), keys: "certificate" };
  return encryptedServerLink(link, { ...world, ...options });
}
