import { type ByteStream, framed, type Link, pipe } from "@pulpit/link";
import { socketStream } from "@pulpit/link-node";
import type { Spoken } from "./carry-bytes.ts";
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
  return party.type === "websocket" ? party.link : framed(unreadFirst(party), MAX_MESSAGE);
}

function unreadFirst({ socket, unread }: Spoken): ByteStream {
  const stream = socketStream(socket, "relay");
  let first = unread.length > 0 ? unread : undefined;
  return {
    path: stream.path,
    async read() {
      const bytes = first ?? (await stream.read());
      first = undefined;
      return bytes;
    },
    get queuedBytes() {
      return stream.queuedBytes;
    },
    write: (...parts) => stream.write(...parts),
    close: (reason) => stream.close(reason),
  };
}
