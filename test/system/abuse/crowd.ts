import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { loopbackAddress } from "./addresses.ts";
import { pause } from "./timing.ts";

/** Connections under way at a time: fewer than a listener's backlog holds. */
const AT_A_TIME = 200;

/** What a connection of the crowd says; `drip` follows, byte by byte. */
export interface Behaviour {
  readonly name: string;
  readonly opening: Uint8Array;
  readonly drip?: Uint8Array;
}

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines.replaceAll("\n", "\r\n"));
const UPGRADE =
  "GET /ws/id HTTP/1.1\nHost: server\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n";

const SILENT: Behaviour = { name: "silent", opening: new Uint8Array(0) };

/** Ways to begin and never to come to an end, on a port that takes frames. */
export const FRAMED: readonly Behaviour[] = [
  SILENT,
  // The lowest bits announce a header of four bytes.
  { name: "half a frame header", opening: Uint8Array.of(0x03, 0x10) },
  // 10 000 bytes announced, and hours to send them.
  { name: "a byte a second", opening: Uint8Array.of(0x41, 0x9c), drip: new Uint8Array(10_000) },
];

/** … and on one that takes HTTP and WebSockets. */
export const HTTP: readonly Behaviour[] = [
  SILENT,
  { name: "half a request", opening: text("GET / HTTP/1.1\nHost: server\nX-Long: ") },
  { name: "a byte a second", opening: text("GET / HTTP/1.1\nX-Long: "), drip: new Uint8Array(10_000).fill(0x61) },
  { name: "half a body", opening: text("POST / HTTP/1.1\nHost: server\nContent-Length: 1000\n\nabc") },
  { name: "half an upgrade", opening: text(`${UPGRADE}Sec-WebSocket-Key: dGhlIHNh`) },
  // A whole upgrade, then the first bytes of a masked message of 65 535.
  {
    name: "half a message",
    opening: Buffer.concat([
      text(`${UPGRADE}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n`),
      Uint8Array.of(0x82, 0xfe, 0xff, 0xff, 1, 2, 3, 4, 5),
    ]),
  },
];

/** Many connections that keep a server waiting. */
export class Crowd implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #timers: NodeJS.Timeout[] = [];
  #refused = 0;

  /** Connections that are still open. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Connections the server would not have, or has ended. */
  get gone(): number {
    return this.#refused;
  }

  /** Opens `count` connections to a port, `perAddress` from each address from the `first` on. */
  async join(
    port: number,
    {
      count,
      first,
      perAddress,
      behaviours,
    }: { count: number; first: number; perAddress: number; behaviours: readonly Behaviour[] },
  ): Promise<void> {
    for (let done = 0; done < count; done += AT_A_TIME) {
      const batch = Array.from({ length: Math.min(AT_A_TIME, count - done) }, (_, i) => done + i);
      await Promise.all(
        batch.map((i) =>
          this.#open(
            port,
            loopbackAddress(first + Math.floor(i / perAddress)),
            behaviours[i % behaviours.length] as Behaviour,
          ),
        ),
      );
    }
  }

  /** Resolves when it is connected or refused. */
  #open(port: number, localAddress: string, { opening, drip }: Behaviour): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      let sent = 0;
      const timer =
        drip &&
        setInterval(() => {
          socket.write(drip.subarray(sent, ++sent));
        }, 1000);
      if (timer !== undefined) this.#timers.push(timer);
      socket.on("connect", () => {
        this.#sockets.add(socket);
        if (opening.length > 0) socket.write(opening);
        resolve();
      });
      // What the server says is not of interest; that it hangs up is.
      socket.resume();
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearInterval(timer);
        this.#sockets.delete(socket);
        this.#refused += 1;
        resolve();
      });
    });
  }

  /** All hang up at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
    while (this.#sockets.size > 0) await pause(10);
  }
}

/** Connections this process may open, with a reserve for everything else; the server needs as many. */
export function roomForConnections(): number {
  const line = /Max open files\s+(\d+|unlimited)/.exec(readFileSync("/proc/self/limits", "utf8"));
  return Math.min(15_000, (Number(line?.[1]) || 1_000_000) - 2000);
}
