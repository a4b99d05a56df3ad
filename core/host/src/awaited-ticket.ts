import { type Clock, type Link, LinkError } from "@pulpit/link";
import { decodeServerMessage } from "@pulpit/wire";

/** The ID server has this long to answer with a relay ticket, ms; the viewer is on its way meanwhile. */
const TICKET_WITHIN = 5_000;

/**
 * The relay ticket in an ID server's answer (docs/protocol/extensions.md). Undefined when it gives none, is silent or
 * breaks off: most relays want none. @throws WireError
 */
export async function awaitedTicket(server: Link, clock: Clock): Promise<Uint8Array | undefined> {
  const cancel = clock.alarm(clock.now() + TICKET_WITHIN, () => void server.close());
  try {
    for (let bytes = await server.receive(); bytes !== undefined; bytes = await server.receive()) {
      const message = decodeServerMessage(bytes);
      if (message.case === "relayResponse") return message.value.relayTicket;
    }
    return undefined;
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  } finally {
    cancel();
  }
}
