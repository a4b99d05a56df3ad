import { LinkError } from "./errors.ts";
import type { DatagramSocket } from "./link.ts";
import type { Source } from "./source.ts";

type Datagram = NonNullable<Awaited<ReturnType<DatagramSocket["receive"]>>>;

/**
 * What comes out of a socket, one at a time: the next one is not fetched before somebody waits for it. What `read` gives
 * undefined for is dropped. Waiting rejects with LinkError closed once the socket is closed.
 */
export function datagrams<I>(socket: DatagramSocket, read: (datagram: Datagram) => I | undefined): Source<I> {
  let item: I | undefined;
  let pending: Promise<void> | undefined;
  async function receive(): Promise<void> {
    while (item === undefined) {
      const datagram = await socket.receive();
      if (datagram === undefined) throw new LinkError("closed", "the socket is closed");
      item = read(datagram);
    }
  }
  return {
    ready: () => {
      pending ??= receive();
      return pending;
    },
    take() {
      const taken = item;
      if (taken !== undefined) pending = undefined;
      item = undefined;
      return taken;
    },
  };
}
