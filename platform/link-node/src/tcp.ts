import { connect, createServer, type Server, type Socket } from "node:net";
import { type ByteStream, LinkError, type Path } from "@pulpit/link";
import { linkError } from "./from-errno.ts";

/** Connecting takes at most this, ms (docs/protocol/rendezvous.md, section 8). */
const CONNECT_TIMEOUT = 18_000;
/** What was sent may take this long to leave after `close`, ms; then the socket is dropped. */
const LINGER = 5_000;

/** A TCP socket as a pipe of bytes. Reads on demand: what nobody asks for stays with the sender. */
export function socketStream(socket: Socket, route: Path["route"]): ByteStream {
  socket.setNoDelay(true);
  let failure: LinkError | undefined;
  const waiting: (() => void)[] = [];
  const changed = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  socket.on("readable", wake);
  socket.on("end", wake);
  socket.on("drain", wake);
  socket.on("error", (error) => {
    failure ??= linkError(error);
    wake();
  });
  socket.on("close", () => {
    if (!socket.readableEnded) failure ??= new LinkError("closed", "the connection is closed");
    wake();
  });

  return {
    path: { transport: "tcp", route, remote: `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}` },
    async read() {
      for (;;) {
        const chunk = socket.read() as Uint8Array | null;
        if (chunk !== null) return chunk;
        if (failure !== undefined) throw failure;
        if (socket.readableEnded) return undefined;
        await changed();
      }
    },
    get queuedBytes() {
      return socket.writableLength;
    },
    async write(...parts) {
      if (failure !== undefined) throw failure;
      if (socket.writableEnded) throw new LinkError("closed", "the connection is closed");
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
      while (socket.writableNeedDrain) {
        if (failure !== undefined) throw failure;
        await changed();
      }
    },
    async close(reason) {
      if (reason !== undefined) socket.resetAndDestroy();
      if (socket.destroyed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => socket.destroy(), LINGER);
        socket.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        socket.end(() => socket.destroySoon());
      });
    },
  };
}

/** Opens a connection. Rejects with LinkError. */
export async function dialTcp(
  to: { readonly host: string; readonly port: number },
  options: { readonly route: Path["route"]; readonly signal: AbortSignal },
): Promise<ByteStream> {
  const { signal } = options;
  if (signal.aborted) throw new LinkError("aborted", "aborted", { cause: signal.reason });
  const socket = connect({ host: to.host, port: to.port });
  const timer = setTimeout(() => socket.destroy(new LinkError("timed-out", "no answer")), CONNECT_TIMEOUT);
  const abort = (): void => {
    socket.destroy(new LinkError("aborted", "aborted", { cause: signal.reason }));
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
  } catch (error) {
    throw linkError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
  return socketStream(socket, options.route);
}

/** A listening TCP port. `onSocket` gets sockets as they come, at most `maxConnections` at a time. */
export async function listenTcp(
  at: { readonly host: string | undefined; readonly port: number; readonly maxConnections: number },
  onSocket: (socket: Socket) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: Server = createServer({ noDelay: true, allowHalfOpen: false }, onSocket);
  server.maxConnections = at.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: at.port, ...(at.host === undefined ? {} : { host: at.host }) }, () => resolve());
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : at.port;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
