import { framed, type Link, pipe, unreadFirst } from "@pulpit/link";
import { socketStream } from "@pulpit/link-node";
import { MAX_MESSAGE } from "./config.ts";
import type { Meter } from "./meter.ts";
import type { Ready } from "./party.ts";

/** Message by message between parties of which at least one is on a WebSocket (docs/protocol/rendezvous.md, section 4.14). */
export async function carryMessages(first: Ready, second: Ready, meter: Meter): Promise<void> {
  await pipe(linkOf(first), linkOf(second), (bytes) => {
    meter.moved(bytes);
    return meter.mayMove ? undefined : new Promise((resolve) => meter.whenAllowed(() => goOn(meter, resolve)));
  });
}

/** One refill may not be enough. */
function goOn(meter: Meter, resolve: () => void): void {
  if (meter.mayMove) resolve();
  else meter.whenAllowed(() => goOn(meter, resolve));
}

function linkOf(party: Ready): Link {
  return party.type === "websocket"
    ? party.link
    : framed(unreadFirst(party.unread, socketStream(party.socket, "relay")), MAX_MESSAGE);
}
