import { createServer, type Server, type Socket } from "node:net";
import type { HostTcpWay } from "@pulpit/host";
import { framed, LinkError } from "@pulpit/link";
import { dialFrom, linkError, plainAddress, punchTcp, socketStream } from "@pulpit/link-node";
import type { ServerAddress } from "@pulpit/protocol";
import { addressOf, isNear, localTowards } from "./addresses.ts";
import { LIMIT } from "./limits.ts";
import { shared } from "./shared-port.ts";

/** A viewer of the same network has this long to come, ms (docs/protocol/rendezvous.md, section 4.10.1). */
const WAIT = 18_000;

/** A connection to the ID server whose local port is then good for a viewer. Rejects with LinkError. */
export async function hostTcp(server: ServerAddress, signal: AbortSignal): Promise<HostTcpWay> {
  const host = await addressOf(server.host);
  const { stream, localPort } = await dialFrom(
    0,
    { host, port: server.port },
    { route: "server", signal, ...shared() },
  );
  const link = framed(stream, LIMIT);
  const local = { host: (await localTowards(host)) ?? "0.0.0.0", port: localPort };
  return {
    server: link,
    local,
    async punch(viewer, ready, ends) {
      const peer = { host: plainAddress(viewer.host), port: viewer.port };
      const told = (): void => {
        // A viewer that was not told does not come; then the attempt runs out of time.
        ready().then(
          () => void link.close(),
          () => undefined,
        );
      };
      return framed(await punchTcp({ localPort, peer, ready: told, signal: ends, ...shared() }), LIMIT);
    },
    async wait(ends) {
      await link.close();
      return framed(socketStream(await visitor(localPort, ends), "direct"), LIMIT);
    },
    close: () => void link.close(),
  };
}

/** The first connection from this network to the port. */
async function visitor(port: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const server: Server = createServer((socket) => {
    if (isNear(plainAddress(socket.remoteAddress))) resolve(socket);
    else socket.resetAndDestroy();
  });
  server.once("error", (error) => reject(linkError(error)));
  const bound = shared().bindShared?.({ host: "0.0.0.0", port });
  if (bound === undefined) server.listen({ port, host: "0.0.0.0" });
  else server.listen({ fd: bound.fd });
  const late = setTimeout(() => reject(new LinkError("timed-out", "nobody came")), WAIT);
  const abort = (): void => reject(new LinkError("aborted", "aborted", { cause: signal.reason }));
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", abort);
    server.close();
  }
}
