import { LinkError } from "./errors.ts";
import type { ByteStream, Link, Path } from "./link.ts";
import { Inbox } from "./source.ts";

const PATH: Path = { transport: "memory", route: "direct", remote: "memory" };

/** Two ends of one real link inside a process. Messages are handed over, not copied. */
export function memoryLinks(path: Path = PATH): [Link, Link] {
  const toA = new Inbox<Uint8Array | undefined>();
  const toB = new Inbox<Uint8Array | undefined>();
  const state = { closed: false };
  return [end(path, toA, toB, state), end(path, toB, toA, state)];
}

/** `undefined` in an inbox is the peer's clean close. */
function end(
  path: Path,
  incoming: Inbox<Uint8Array | undefined>,
  outgoing: Inbox<Uint8Array | undefined>,
  state: { closed: boolean },
): Link {
  let limit = Number.POSITIVE_INFINITY;
  let ended = false;

  async function receive(): Promise<Uint8Array | undefined> {
    if (ended) return undefined;
    await incoming.ready();
    const message = incoming.take();
    if (message === undefined) ended = true;
    else if (message.length > limit)
      throw new LinkError("too-large", `message of ${message.length} bytes, limit ${limit}`);
    return message;
  }

  async function send(message: Uint8Array): Promise<void> {
    if (state.closed) throw new LinkError("closed", "the link is closed");
    outgoing.put(message);
  }

  async function close(reason?: Error): Promise<void> {
    if (state.closed) return;
    state.closed = true;
    if (reason === undefined) outgoing.put(undefined);
    else outgoing.fail(new LinkError("reset", "the peer broke the link", { cause: reason }));
    incoming.put(undefined);
  }

  const stream: ByteStream = {
    path,
    read: receive,
    queuedBytes: 0,
    write: async (...parts) => {
      for (const part of parts) await send(part);
    },
    close,
  };

  return {
    path,
    receive,
    queuedBytes: 0,
    send,
    limit: (bytes) => {
      limit = bytes;
    },
    detach: () => stream,
    close,
  };
}
