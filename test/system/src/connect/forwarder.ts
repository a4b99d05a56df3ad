import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** An address on the way to a computer, which can change what is behind it, and break. */
export interface Forwarder extends AsyncDisposable {
  readonly port: number;
  /** What came from viewers since the computer behind it was chosen. */
  sent(): Buffer;
  /** Another computer has this address from now on. */
  leadTo(port: number): void;
  /** Ends everything that goes through it at the moment; takes new connections. */
  cut(): void;
}

export async function startForwarder(port: number): Promise<Forwarder> {
  let target = port;
  let sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((viewer) => {
    const host = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [viewer, host],
      [host, viewer],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    viewer.on("data", (chunk: Buffer) => {
      // A session is long; its beginning is what tests look at.
      if (sent.length < 100) sent.push(chunk);
    });
    viewer.pipe(host).pipe(viewer);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => Buffer.concat(sent),
    leadTo(other) {
      target = other;
      sent = [];
    },
    cut,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
