import { drive, LinkSource, type PeekableLink } from "@pulpit/link";
import { HostGreeting, LoginError, refusal } from "@pulpit/protocol";
import { encodeMessage } from "@pulpit/wire";
import type { HostWorld } from "./options.ts";
import { received } from "./secure.ts";

/** Whom the port of this computer takes: viewers that encrypt, or those that can't as well. */
export type Openness = "encrypted-only" | "plaintext-too";

/** A refusal lingers, so that the text arrives, ms. */
const LINGER = 1_000;

/**
 * What somebody wants who came without a server: `encrypted`, then the handshake is next, or `plaintext`, then the
 * challenge. Undefined: not here; it was told. @throws ProtocolError, WireError, LinkError
 */
export async function greeted(
  link: PeekableLink,
  openness: Openness,
  { clock }: Pick<HostWorld, "clock">,
  signal: AbortSignal,
): Promise<"encrypted" | "plaintext" | undefined> {
  // What comes after the silence is for others.
  const source = new LinkSource({ receive: () => link.peek() }, received);
  const { type } = await drive(
    new HostGreeting(),
    { type: "start" },
    { source, clock, perform: () => undefined, signal },
  );
  if (type === "encrypted") await link.receive();
  if (type === "encrypted" || openness === "plaintext-too") return type;
  // Whoever has nothing to say may be a stock viewer, whose person can do something about it.
  await link.send(encodeMessage(refusal(LoginError.encryptedOnly)));
  await new Promise<void>((resolve) => clock.alarm(clock.now() + LINGER, resolve));
  return undefined;
}
