import { drive, type Link, LinkSource, sealed } from "@pulpit/link";
import { Opening, Sealing, ViewerHandshake } from "@pulpit/protocol";
import { decodeMessage, encodeMessage } from "@pulpit/wire";
import type { ConnectWorld } from "./connect-world.ts";
import { Ended } from "./end.ts";

/**
 * The link to the host, encrypted, the host's identity proved. `hostKey`: vouched for by the ID server.
 * @throws Ended bad-identity; ProtocolError, LinkError
 */
export async function secure(
  link: Link,
  hostId: string,
  hostKey: Uint8Array,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<Link> {
  const { crypto, random, clock } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const handshake = new ViewerHandshake({ crypto, hostId, hostKey, box, sessionKey: random.bytes(32) });
  const source = new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const);
  const sent: Promise<void>[] = [];
  const outcome = await drive(
    handshake,
    { type: "start" },
    {
      source,
      clock,
      perform: (effect) => {
        if (effect.type === "send") sent.push(link.send(encodeMessage(effect.message)));
      },
      signal,
    },
  );
  await Promise.all(sent);
  box.secretKey.fill(0);
  if (outcome.type !== "secured") throw new Ended({ code: "bad-identity" });
  return sealed(link, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key));
}
