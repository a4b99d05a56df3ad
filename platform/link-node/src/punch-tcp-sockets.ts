import { randomInt } from "node:crypto";
import { connect, createServer, isIPv6, type Server, Socket } from "node:net";

/** Binds a TCP socket to a local port that others may have as well, as net-linux can. Throws the system's errors. */
export type BindShared = (at: { readonly host: string; readonly port: number }) => { readonly fd: number };

/** Where to: an IP address, nothing that would have to be looked up. */
export interface NumericAddress {
  readonly host: string;
  readonly port: number;
}

/** What can be opened on a local port that somebody chose. Whoever opens it closes it. */
export interface PortSockets {
  /** A connection that is being made. `localPort` 0 is any. */
  connect(localPort: number, to: NumericAddress): Socket;
  /** A listener for addresses of the kind of `from`. Rejects with the system's error. */
  listen(localPort: number, from: NumericAddress, onSocket: (socket: Socket) => void): Promise<Server>;
  /** Whether a port can have a listener and connections at the same time. */
  readonly areShared: boolean;
}

/** First of the ports that are nobody's by name (RFC 6335, section 6). */
const FIRST_FREE_PORT = 49_152;
/** Connections that may wait to be looked at; the one that is wanted is one. */
const MAX_WAITING = 16;

/** Sockets of the system, handed to Node. */
export function sharedSockets(bind: BindShared): PortSockets {
  return {
    areShared: true,
    connect(localPort, to) {
      const { fd } = bind({ host: everyAddress(to), port: localPort });
      return new Socket({ fd, readable: true, writable: true }).connect(to);
    },
    async listen(localPort, from, onSocket) {
      const { fd } = bind({ host: everyAddress(from), port: localPort });
      return listening({ fd, backlog: MAX_WAITING }, onSocket);
    },
  };
}

/**
 * Node's own. They can follow one another on a port, but only when each of them named it: a port that the system
 * chose can't be used again (docs/protocol/wire.md, section 2.5).
 */
export const nodeSockets: PortSockets = {
  areShared: false,
  connect: (localPort, to) =>
    connect({ ...to, localPort: localPort === 0 ? randomInt(FIRST_FREE_PORT, 65_536) : localPort }),
  listen: (localPort, from, onSocket) =>
    listening({ port: localPort, host: everyAddress(from), ipv6Only: true, backlog: MAX_WAITING }, onSocket),
};

function everyAddress({ host }: NumericAddress): string {
  return isIPv6(host) ? "::" : "0.0.0.0";
}

async function listening(
  at: Parameters<Server["listen"]>[0] & object,
  onSocket: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ noDelay: true }, onSocket);
  await new Promise<void>((resolve, reject) => {
    // Later ones are connections that could not be taken; whoever made them tries again or does not.
    server.on("error", reject);
    server.listen(at, resolve);
  });
  return server;
}
