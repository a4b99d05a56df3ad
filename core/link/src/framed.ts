import { encodeFrame, FrameReader, frameHeader, WireError } from "@pulpit/wire";
import { LinkError } from "./errors.ts";
import type { ByteStream, Link } from "./link.ts";

/** Below this many bytes header and payload are copied together: one write is cheaper than two. */
const COPY_BELOW = 16 * 1024;

/**
 * Messages over a byte stream, with the length header of docs/protocol/wire.md, section 2.
 * `limit`: largest message accepted, bytes.
 */
export function framed(stream: ByteStream, limit: number): Link {
  const reader = new FrameReader(limit);

  async function receive(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = nextFrame(reader);
      if (message !== undefined) return message;
      const chunk = await stream.read();
      if (chunk === undefined) {
        if (reader.buffered > 0) throw new LinkError("reset", "the stream ended inside a frame");
        return undefined;
      }
      reader.push(chunk);
    }
  }

  return {
    path: stream.path,
    receive,
    get queuedBytes() {
      return stream.queuedBytes;
    },
    send: (message) =>
      message.length < COPY_BELOW
        ? stream.write(encodeFrame(message))
        : stream.write(frameHeader(message.length), message),
    limit: (bytes) => {
      reader.limit = bytes;
    },
    detach: () => unreadFirst(reader.rest(), stream),
    close: (reason) => stream.close(reason),
  };
}

function nextFrame(reader: FrameReader): Uint8Array | undefined {
  try {
    return reader.next();
  } catch (cause) {
    if (cause instanceof WireError) throw new LinkError("too-large", cause.message, { cause });
    throw cause;
  }
}

/** The same bytes, beginning with those that somebody has read already. */
export function unreadFirst(unread: Uint8Array, stream: ByteStream): ByteStream {
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
