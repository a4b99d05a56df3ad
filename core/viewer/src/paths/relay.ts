import { type Link, LinkError } from "@pulpit/link";
import { askForRelay, freshUuid, joinRelay } from "@pulpit/protocol";
import { decodeServerMessage, encodeServerMessage, type RelayResponse } from "@pulpit/wire";
import type { ConnectWorld } from "../connect-world.ts";
import { Ended, withDetail } from "../end.ts";
import type { ViewerTarget } from "../viewer.ts";

/** The host has this long to answer a request for a relay, ms (docs/protocol/rendezvous.md, section 4.13). */
const RELAY_ANSWER = 18_000;

/** What both ends show the relay. */
export interface RelayMeeting {
  readonly uuid: string;
  readonly ticket: Uint8Array;
}

/** Asks for the host to come to a relay, on a connection of its own; gives what to show there. */
export async function requestRelay(
  target: ViewerTarget,
  relayServer: string,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<RelayMeeting> {
  const { hostId, serverKey } = target;
  const uuid = freshUuid(world.random);
  const link = await world.dial(target.idServer, { route: "server", signal });
  const end = (why: "timed-out" | "aborted") => (): void => void link.close(new LinkError(why));
  const cancel = world.clock.alarm(world.clock.now() + RELAY_ANSWER, end("timed-out"));
  const abort = end("aborted");
  signal.addEventListener("abort", abort, { once: true });
  try {
    await link.send(encodeServerMessage(askForRelay({ hostId, uuid, relayServer, licenceKey: serverKey })));
    const response = await relayResponse(link);
    if (response.refuseReason !== "") throw new Ended(withDetail("refused", response.refuseReason));
    return { uuid, ticket: response.relayTicket };
  } finally {
    cancel();
    signal.removeEventListener("abort", abort);
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

/** Meets the host on the relay. @throws Ended relay-failed; LinkError aborted */
export async function joinAt(
  relayServer: string,
  meeting: RelayMeeting,
  target: ViewerTarget,
  world: ConnectWorld,
  signal: AbortSignal,
): Promise<Link> {
  try {
    const link = await world.dial(target.relayAddress(relayServer), { route: "relay", signal });
    const join = { ...meeting, licenceKey: target.serverKey, hostId: target.hostId };
    await link.send(encodeServerMessage(joinRelay(join)));
    return link;
  } catch (error) {
    if (error instanceof LinkError && error.code !== "aborted") throw new Ended({ code: "relay-failed" });
    throw error;
  }
}
