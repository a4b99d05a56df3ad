import { drive, type Link, LinkSource } from "@pulpit/link";
import type { Machine, ViewerHandshakeInput } from "@pulpit/protocol";
import { decodeMessage, encodeMessage, type PeerMessageInit } from "@pulpit/wire";
import type { ConnectWorld } from "./connect-world.ts";

type Effect<Outcome> =
  | { readonly type: "send"; readonly message: PeerMessageInit }
  | { readonly type: "finish"; readonly outcome: Outcome };

/** Runs a handshake on a link to its end; what it says has left then. @throws ProtocolError, WireError, LinkError */
export async function shakeHands<Outcome>(
  machine: Machine<ViewerHandshakeInput, Effect<Outcome>>,
  link: Link,
  { clock }: Pick<ConnectWorld, "clock">,
  signal: AbortSignal,
): Promise<Outcome> {
  const sent: Promise<void>[] = [];
  const outcome = await drive<ViewerHandshakeInput, Exclude<Effect<Outcome>, { type: "finish" }>, Outcome>(
    machine,
    { type: "start" },
    {
      source: new LinkSource(link, (bytes) => ({ type: "received", message: decodeMessage(bytes) }) as const),
      clock,
      perform({ message }) {
        const sending = link.send(encodeMessage(message));
        // A link that breaks while sending breaks for the reader as well, and then nobody asks.
        sending.catch(() => undefined);
        sent.push(sending);
      },
      signal,
    },
  );
  await Promise.all(sent);
  return outcome;
}
