import type { Opening, Sealing } from "@pulpit/protocol";
import type { Link } from "./link.ts";

/** Bytes the seal adds to each message: the Poly1305 tag. */
const SEAL_BYTES = 16;

/**
 * The same link, encrypted (docs/protocol/handshake.md, section 5). Messages of 0 and 1 byte arrive
 * unencrypted by the wire's rule and could be injected by anyone: they are dropped (section 9, row 13).
 * `receive` rejects with ProtocolError decryption-failed on a forged, lost or repeated message.
 */
export function sealed(link: Link, sealing: Sealing, opening: Opening): Link {
  return {
    path: link.path,
    async receive() {
      for (;;) {
        const message = await link.receive();
        if (message === undefined) return undefined;
        if (message.length > 1) return opening.open(message);
      }
    },
    get queuedBytes() {
      return link.queuedBytes;
    },
    send: (message) => link.send(sealing.seal(message)),
    limit: (bytes) => link.limit(bytes + SEAL_BYTES),
    detach: () => link.detach(),
    close: (reason) => link.close(reason),
  };
}
