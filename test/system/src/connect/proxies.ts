import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy that carries connections and knows where to. */
export interface RunningProxy extends AsyncDisposable {
  readonly port: number;
  /** `host:port` of every connection, as it was asked for. */
  readonly asked: readonly string[];
}

export const ADA = { user: "ada", password: "hunter2" };
/** What a name nobody else knows leads to. */
const NAMES: Readonly<Record<string, string>> = { "id.invalid": "127.0.0.1" };

interface Wanted {
  readonly host: string;
  readonly port: number;
}

/** SOCKS5 as RFC 1928 has it; with ADA's name and password (RFC 1929). */
export function startSocks(): Promise<RunningProxy> {
  return startProxy(Buffer.from("05000001000000000000", "hex"), async (socket) => {
    const [, count = 0] = await take(socket, 2);
    const methods = await take(socket, count);
    // 2: user and password, and nobody comes in without.
    if (!methods.includes(2)) return void socket.end(Uint8Array.of(5, 255));
    socket.write(Uint8Array.of(5, 2));
    const [, userLength = 0] = await take(socket, 2);
    const user = (await take(socket, userLength)).toString();
    const [passwordLength = 0] = await take(socket, 1);
    const password = (await take(socket, passwordLength)).toString();
    const isAda = user === ADA.user && password === ADA.password;
    socket.write(Uint8Array.of(1, isAda ? 0 : 1));
    if (!isAda) return void socket.end();
    const [, , , kind] = await take(socket, 4);
    const host = kind === 1 ? [...(await take(socket, 4))].join(".") : await nameIn(socket);
    return { host, port: (await take(socket, 2)).readUInt16BE() };
  });
}

/** HTTP with CONNECT (RFC 9110, section 9.3.6), for everybody. */
export function startHttp(): Promise<RunningProxy> {
  return startProxy(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), async (socket) => {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) head += (await take(socket, 1)).toString("latin1");
    const [, host, port] = /^CONNECT (\S+):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    if (host === undefined) return void socket.end("HTTP/1.1 405 No\r\n\r\n");
    return { host, port: Number(port) };
  });
}

/** `yes`: what is said once the far side is there. */
async function startProxy(yes: Buffer, hear: (socket: Socket) => Promise<Wanted | undefined>): Promise<RunningProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const carry = async (socket: Socket): Promise<void> => {
    const wanted = await hear(socket);
    if (wanted === undefined) return;
    asked.push(`${wanted.host}:${wanted.port}`);
    const far = kept(connect(wanted.port, NAMES[wanted.host] ?? wanted.host));
    await once(far, "connect");
    socket.write(yes);
    socket.on("close", () => far.destroy());
    far.on("close", () => socket.destroy());
    socket.pipe(far).pipe(socket);
  };
  const server = createServer((socket) => {
    carry(kept(socket)).catch(() => socket.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function nameIn(socket: Socket): Promise<string> {
  const [length = 0] = await take(socket, 1);
  return (await take(socket, length)).toString("latin1");
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes !== null) return bytes;
    await once(socket, "readable");
  }
}
