import type { ByteStream, Link } from "./link.ts";

/** Bytes over a link that knows nothing but messages: each piece is one. It owns the link. */
export function messagesAsBytes(link: Link): ByteStream {
  return {
    path: link.path,
    async read() {
      for (;;) {
        const bytes = await link.receive();
        if (bytes === undefined || bytes.length > 0) return bytes;
      }
    },
    get queuedBytes() {
      return link.queuedBytes;
    },
    write: async (...parts) => {
      for (const part of parts) if (part.length > 0) await link.send(part);
    },
    close: (reason) => link.close(reason),
  };
}
