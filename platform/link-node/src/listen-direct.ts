import { framed, type Link, LinkError } from "@pulpit/link";
import { linkError } from "./from-errno.ts";
import { plainAddress } from "./plain-address.ts";
import { listenTcp, socketStream } from "./tcp.ts";

/** Connections at a time; sessions are counted elsewhere, and need fewer. */
const MAX_CONNECTIONS = 128;

/**
 * Listens for viewers that connect to an address of this machine, IPv4 and IPv6. `limit`: bytes of a message, until it
 * is changed. Rejects with LinkError (docs/protocol/rendezvous.md, section 4.17).
 */
export async function listenDirect(
  port: number,
  limit: number,
  arrived: (link: Link, address: string) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  try {
    return await listenTcp({ host: undefined, port, maxConnections: MAX_CONNECTIONS }, (socket) => {
      const address = plainAddress(socket.remoteAddress);
      // One that is gone already has no address.
      if (address === "") socket.destroy();
      else arrived(framed(socketStream(socket, "direct"), limit), address);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new LinkError("refused", `port ${port} is in use`, { cause: error });
    if (code === "EACCES") throw new LinkError("refused", `port ${port} is not for everybody`, { cause: error });
    throw linkError(error);
  }
}
