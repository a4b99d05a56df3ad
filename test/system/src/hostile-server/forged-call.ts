import type { HostEvent } from "@pulpit/host";
import { decodeEndpoint, encodeEndpoint } from "@pulpit/protocol";
import { encodeSocketAddress, type ServerMessageInit } from "@pulpit/wire";
import type { SharedHost } from "../world.ts";
import type { LyingServer } from "./lying-server.ts";

/** Calls that are sent at once: what a socket's buffer holds for sure. */
const AT_ONCE = 20;

/** An address as calls have it. */
export const addressOf = (host: string, port: number): Uint8Array => encodeSocketAddress({ host, port }, 0);

/** The fingerprint of a certificate that nobody has. `number`: up to 255. */
export function fingerprintOf(number: number): string {
  const byte = number.toString(16).toUpperCase().padStart(2, "0");
  return `sha-256 ${Array.from({ length: 32 }, () => byte).join(":")}`;
}

/** The same offer with that certificate: to a host a viewer that it has never heard of. */
export function otherOffer(offer: string, number: number): string {
  const fingerprint = `a=fingerprint:${fingerprintOf(number)}`;
  const sdp = (decodeEndpoint(offer)?.sdp ?? "").replace(/a=fingerprint:.*/, fingerprint);
  return encodeEndpoint({ type: "offer", sdp, declaresAll: true });
}

/** Of a host that was asked to a relay of nobody it knows. */
export const isForeignRelay = (event: HostEvent): boolean =>
  event.type === "viewerRefused" && event.why === "foreign-relay";

/**
 * Tells a host all of it, and resolves once it has dealt with it: what it is told last is a call that it has to refuse.
 * Gives what it was sent, in bytes without headers.
 */
export async function flood(
  liar: LyingServer,
  host: SharedHost,
  calls: readonly ServerMessageInit[],
): Promise<{ readonly bytes: number; readonly datagrams: number }> {
  let bytes = 0;
  let datagrams = 0;
  const tell = async (call: ServerMessageInit): Promise<void> => {
    bytes += await liar.tellHost(host.id, call);
    datagrams += 1;
  };
  for (let first = 0; first < calls.length; first += AT_ONCE) {
    const refused = host.events.filter(isForeignRelay).length;
    for (const call of calls.slice(first, first + AT_ONCE)) await tell(call);
    const value = { uuid: "last", relayServer: "127.0.0.9:9", socketAddr: addressOf("127.0.0.9", 1 + refused) };
    await tell({ case: "requestRelay", value });
    await host.until(() => host.events.filter(isForeignRelay).length > refused);
  }
  return { bytes, datagrams };
}
