import type { Link } from "@pulpit/link";
import { freshUuid, joinRelay, meet } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import { awaitedTicket } from "../awaited-ticket.ts";
import type { HostOptions, HostWorld } from "../options.ts";
import { relayTarget } from "../server-connection.ts";
import { type Call, type Extras, withExtras } from "./call.ts";
import { TurnedAway } from "./turned-away.ts";

/**
 * Meets the viewer on a relay: tells the ID server which, and goes there.
 * @throws LinkError; TurnedAway when the viewer names a relay that is neither ours nor the server's
 */
export async function arriveByRelay(
  call: Call,
  extras: Extras,
  host: { readonly options: HostOptions; readonly world: HostWorld },
  signal: AbortSignal,
): Promise<Link> {
  const { world, options } = host;
  const meeting = meet(call.invitation, call.facts, freshUuid(world.random));
  const server = await call.server(signal);
  await server.send(withExtras(meeting.reply, extras, call));
  const ticket =
    meeting.type === "relay" && meeting.ticket === "awaited" ? await awaitedTicket(server, world.clock) : undefined;
  void server.close();
  if (meeting.type === "declined") throw new TurnedAway("foreign-relay");
  const link = await world.dial(relayTarget(options.idServer, meeting.relay), { route: "relay", signal });
  const join = { uuid: meeting.uuid, licenceKey: options.serverKey };
  const shown = meeting.ticket === "awaited" ? ticket : meeting.ticket;
  await link.send(encodeServerMessage(joinRelay(shown === undefined ? join : { ...join, ticket: shown })));
  return link;
}
