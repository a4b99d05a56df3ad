import { drive, type Link, LinkSource } from "@pulpit/link";
import { Introduction, type IntroductionOutcome, type ViewerWays } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type ServerMessage } from "@pulpit/wire";
import type { ConnectWorld } from "../connect-world.ts";
import { Ended, withDetail } from "../end.ts";
import type { ViewerTarget } from "../viewer.ts";

/** Stock version this viewer speaks; one that knows WebRTC has to be told by the field, not by the number. */
const VERSION = "1.4.9";

/** An answer that leads somewhere. */
export type Introduced = Extract<IntroductionOutcome, { type: "relay" | "direct" }>;

/** Asks the ID server for the host on a connection that stays open. @throws Ended, LinkError, WireError */
export async function introduce(
  server: Link,
  target: ViewerTarget,
  ways: ViewerWays,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<Introduced> {
  const { hostId, serverKey } = target;
  const outcome = await drive(
    new Introduction({ hostId, licenceKey: serverKey, version: VERSION, ways }),
    { type: "start" },
    {
      source: new LinkSource(server, serverInput),
      clock: world.clock,
      // A link that breaks while sending breaks for the reader as well.
      perform: (effect) => void server.send(encodeServerMessage(effect.message)).catch(() => undefined),
      signal,
    },
  );
  if (outcome.type === "relay" || outcome.type === "direct") return outcome;
  throw failed(outcome);
}

function serverInput(bytes: Uint8Array): { readonly type: "received"; readonly message: ServerMessage } {
  return { type: "received", message: decodeServerMessage(bytes) };
}

function failed(outcome: Exclude<IntroductionOutcome, Introduced>): Ended {
  switch (outcome.type) {
    case "not-found":
      return new Ended({ code: "unknown-id" });
    case "offline":
      return new Ended({ code: "offline" });
    case "wrong-key":
      return new Ended({ code: "wrong-key" });
    case "no-answer":
      return new Ended({ code: "offline" });
    case "refused":
      return new Ended(withDetail("server-refused", outcome.text));
  }
}
