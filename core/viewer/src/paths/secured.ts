import type { BoundLink, Link } from "@pulpit/link";
import { WebRtcViewerHandshake } from "@pulpit/protocol";
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
  const { crypto, random } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const certificate = link.binding.remote;
  const facts = { crypto, hostId, hostKey, certificate, box, sessionKey: random.bytes(32) };
  const outcome = await shakeHands(new WebRtcViewerHandshake(facts), link, world, signal);
  box.secretKey.fill(0);
  if (outcome.type !== "authenticated") throw new Ended({ code: "bad-identity" });
  return link;
}

/** A way to the host that is open, encrypted, and ends at the right one. */
export interface SecuredWay {
  readonly link: Link;
  /** 32-byte Ed25519 key of the host. */
  readonly hostKey: Uint8Array;
  /** Name of the way: `udp`, `tcp`, `lan`, `ipv6`, `webrtc`, `relay`. */
  readonly name: string;
}
