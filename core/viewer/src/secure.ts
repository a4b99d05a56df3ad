import { type Link, sealed } from "@pulpit/link";
import { Opening, Sealing, ViewerHandshake } from "@pulpit/protocol";
import type { ConnectWorld } from "./connect-world.ts";
import { Ended } from "./end.ts";
import { shakeHands } from "./handshake.ts";

/**
 * The link to the host, encrypted, the host's identity proved. `hostKey`: vouched for by the ID server, or pinned.
 * @throws Ended bad-identity; ProtocolError, LinkError
 */
export async function secure(
  link: Link,
  hostId: string,
  hostKey: Uint8Array,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<Link> {
  const { crypto, random } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const handshake = new ViewerHandshake({ crypto, hostId, hostKey, box, sessionKey: random.bytes(32) });
  const outcome = await shakeHands(handshake, link, world, signal);
  box.secretKey.fill(0);
  if (outcome.type !== "secured") throw new Ended({ code: "bad-identity" });
  return sealed(link, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key));
}
