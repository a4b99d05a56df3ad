import { type BoundLink, drive, type Link, LinkSource, movingToDatagrams, peekable, sealed } from "@pulpit/link";
import { Extension, HostHandshake, Opening, Sealing, WebRtcHostHandshake } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessage } from "@pulpit/wire";
import { greeted, type Openness } from "./secure-direct.ts";
import type { HostShared } from "./session.ts";

/** A pipe to a viewer that nobody else reads, or that the owner allows to be read. */
export interface Secured {
  readonly link: Link;
  readonly encrypted: boolean;
}

/**
 * The link, encrypted; undefined when the viewer wants plaintext and the owner does not allow it. `direct`: it came
 * without a server.
 */
export async function secure(
  unsafe: Link,
  world: HostShared["world"],
  options: HostShared["options"],
  signal: AbortSignal,
  direct?: Openness,
): Promise<Secured | undefined> {
  let link = unsafe;
  if (direct !== undefined) {
    const looked = peekable(unsafe);
    link = looked;
    const wish = await greeted(looked, direct, world, signal);
    if (wish !== "encrypted") return wish && { link, encrypted: false };
  }
  if ("binding" in link) return secureWebRtc(link as BoundLink, world, options, signal);
  const { crypto, random, clock } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const { id, identity } = options;
  const handshake = new HostHandshake({ crypto, id, identity, box, direct: direct !== undefined });
  const source = new LinkSource(link, received);
  const sending = Promise.withResolvers<never>();
  const outcome = await Promise.race([
    drive(
      handshake,
      { type: "start" },
      {
        source,
        clock,
        perform: (effect) => {
          if (effect.type === "send") link.send(encodeMessage(effect.message)).catch(sending.reject);
        },
        signal,
      },
    ),
    sending.promise,
  ]);
  box.secretKey.fill(0);
  if (outcome.type === "secured") {
    return { link: sealed(link, new Sealing(crypto, outcome.key), new Opening(crypto, outcome.key)), encrypted: true };
  }
  // Who has asked for encryption and now does without is not who it was.
  const mayBePlain = options.allowPlaintext && direct === undefined;
  return outcome.type === "plaintext" && mayBePlain ? { link, encrypted: false } : undefined;
}

/** DTLS encrypts already; the host signs the certificate it does so with (docs/protocol/webrtc.md, section 14). */
async function secureWebRtc(
  link: BoundLink,
  world: HostShared["world"],
  options: HostShared["options"],
  signal: AbortSignal,
): Promise<Secured | undefined> {
  const { crypto, random, clock } = world;
  const box = crypto.boxKeyPair(random.bytes(32));
  const certificate = link.binding.local;
  const { id, identity } = options;
  const { openDatagrams } = link;
  const extensions = openDatagrams === undefined ? [] : [Extension.datagrams];
  const handshake = new WebRtcHostHandshake({ crypto, id, identity, certificate, extensions, box });
  const outcome = await drive(
    handshake,
    { type: "start" },
    {
      source: new LinkSource(link, received),
      clock,
      perform: (effect) => {
        if (effect.type === "send") link.send(encodeMessage(effect.message)).catch(() => undefined);
      },
      signal,
    },
  );
  box.secretKey.fill(0);
  if (outcome.type === "authenticated") {
    const moving = openDatagrams && movingToDatagrams(link, openDatagrams, { role: "called", clock, random });
    return { link: moving ?? link, encrypted: true };
  }
  // A viewer that has not checked whom it talks to may talk to anybody in between.
  return outcome.type === "unauthenticated" && options.allowPlaintext ? { link, encrypted: false } : undefined;
}

export function received(bytes: Uint8Array): { readonly type: "received"; readonly message: PeerMessage } {
  return { type: "received", message: decodeMessage(bytes) };
}
