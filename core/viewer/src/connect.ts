import { drive, type Link, LinkError, LinkSource } from "@pulpit/link";
import {
  askForRelay,
  freshUuid,
  Introduction,
  type IntroductionOutcome,
  joinRelay,
  openIdentity,
  publicKeyOf,
} from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type RelayResponse, type ServerMessage } from "@pulpit/wire";
import { Ended, withDetail } from "./end.ts";
import type { ViewerTarget, ViewerWorld } from "./viewer.ts";

/** Stock version this viewer speaks. */
const VERSION = "1.4.9";
/** The host has this long to answer a request for a relay, ms (docs/protocol/rendezvous.md, section 4.13). */
const RELAY_ANSWER = 18_000;

/** A pipe to the host, not yet encrypted, and the key the ID server vouches for. */
export interface Introduced {
  readonly link: Link;
  /** 32-byte Ed25519 key of the host. */
  readonly hostKey: Uint8Array;
}

/**
 * From an ID to a pipe: asks the ID server, then meets the host on the relay.
 * `checkKey` is asked before anything is dialled and throws to stop.
 * @throws Ended, LinkError, WireError
 */
export async function connect(
  target: ViewerTarget,
  world: ViewerWorld,
  steps: { readonly relay: () => void; readonly checkKey: (hostKey: Uint8Array) => Promise<void> },
  signal: AbortSignal,
): Promise<Introduced> {
  const outcome = await introduce(target, world, signal);
  if (outcome.type !== "relay" && outcome.type !== "direct") throw failed(outcome);
  const hostKey = vouchedKey(outcome.signedKey, target, world);
  await steps.checkKey(hostKey);
  steps.relay();
  const { uuid, ticket } =
    outcome.type === "relay" ? outcome : await requestRelay(target, outcome.relayServer, world, signal);
  const link = await dialRelay(target.relayAddress(outcome.relayServer), world, signal);
  const join = { uuid, ticket, licenceKey: target.serverKey, hostId: target.hostId };
  await link.send(encodeServerMessage(joinRelay(join)));
  return { link, hostKey };
}

async function introduce(target: ViewerTarget, world: ViewerWorld, signal: AbortSignal): Promise<IntroductionOutcome> {
  const link = await world.dial(target.idServer, { route: "server", signal });
  try {
    const machine = new Introduction({ hostId: target.hostId, licenceKey: target.serverKey, version: VERSION });
    return await drive(
      machine,
      { type: "start" },
      {
        source: new LinkSource(link, received),
        clock: world.clock,
        // A link that breaks while sending breaks for the reader as well.
        perform: (effect) => void link.send(encodeServerMessage(effect.message)).catch(() => undefined),
        signal,
      },
    );
  } finally {
    void link.close();
  }
}

/** Asks for the host to come to a relay, on a connection of its own; gives what to show there. */
async function requestRelay(
  target: ViewerTarget,
  relayServer: string,
  world: ViewerWorld,
  signal: AbortSignal,
): Promise<{ readonly uuid: string; readonly ticket: Uint8Array }> {
  const { hostId, serverKey } = target;
  const uuid = freshUuid(world.random);
  const link = await world.dial(target.idServer, { route: "server", signal });
  const cancel = world.clock.alarm(world.clock.now() + RELAY_ANSWER, () => void link.close(new LinkError("timed-out")));
  try {
    await link.send(encodeServerMessage(askForRelay({ hostId, uuid, relayServer, licenceKey: serverKey })));
    const response = await relayResponse(link);
    if (response.refuseReason !== "") throw new Ended(withDetail("refused", response.refuseReason));
    return { uuid, ticket: response.relayTicket };
  } finally {
    cancel();
    void link.close();
  }
}

async function relayResponse(link: Link): Promise<RelayResponse> {
  for (let bytes = await link.receive(); bytes !== undefined; bytes = await link.receive()) {
    const message = decodeServerMessage(bytes);
    if (message.case === "relayResponse") return message.value;
  }
  throw new Ended({ code: "relay-failed" });
}

async function dialRelay(address: string, world: ViewerWorld, signal: AbortSignal): Promise<Link> {
  try {
    return await world.dial(address, { route: "relay", signal });
  } catch (error) {
    if (error instanceof LinkError && error.code !== "aborted") throw new Ended({ code: "relay-failed" });
    throw error;
  }
}

/** The host's key by the ID server's word. No word, or one that is not its own, ends the attempt. */
function vouchedKey(signedKey: Uint8Array, target: ViewerTarget, world: ViewerWorld): Uint8Array {
  if (signedKey.length === 0) throw new Ended({ code: "no-identity" });
  const serverKey = publicKeyOf(target.serverKey);
  const identity = serverKey && openIdentity(world.crypto, signedKey, serverKey);
  if (identity === undefined || identity.id !== target.hostId) throw new Ended({ code: "bad-identity" });
  return identity.key;
}

function failed(outcome: Exclude<IntroductionOutcome, { type: "relay" | "direct" }>): Ended {
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

function received(bytes: Uint8Array): { readonly type: "received"; readonly message: ServerMessage } {
  return { type: "received", message: decodeServerMessage(bytes) };
}
