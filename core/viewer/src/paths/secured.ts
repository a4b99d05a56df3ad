import { type BoundLink, type Link, movingToDatagrams } from "@pulpit/link";
import { Extension, WebRtcViewerHandshake } from "@pulpit/protocol";
import type { ConnectWorld } from "../connect-world.ts";
import { Ended } from "../end.ts";
import { shakeHands } from "../handshake.ts";

/**
 * A link over WebRTC, once the host has proved that the connection ends at it. What another certificate proves is that
 * somebody stands between: nothing is sent, and no other way is safer for it.
 * @throws Ended bad-identity; ProtocolError, LinkError
 */
export async function secureWebRtc(
  link: BoundLink,
  hostId: string,
  hostKey: Uint8Array,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<Link> {
  const { crypto, random, clock } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const certificate = link.binding.remote;
  const facts = { crypto, hostId, hostKey, certificate, box, sessionKey: random.bytes(32) };
  const handshake = new WebRtcViewerHandshake(facts);
  const outcome = await shakeHands(handshake, link, world, signal);
  box.secretKey.fill(0);
  if (outcome.type !== "authenticated") throw new Ended({ code: "bad-identity" });
  const { openDatagrams } = link;
  if (openDatagrams === undefined || !handshake.extensions.includes(Extension.datagrams)) return link;
  return movingToDatagrams(link, openDatagrams, { role: "caller", clock, random });
}

/** A way to the host that is open, encrypted, and ends at the right one. */
export interface SecuredWay {
  readonly link: Link;
  /** 32-byte Ed25519 key of the host. */
  readonly hostKey: Uint8Array;
  /** Name of the way: `udp`, `tcp`, `lan`, `ipv6`, `webrtc`, `relay`. */
  readonly name: string;
}
