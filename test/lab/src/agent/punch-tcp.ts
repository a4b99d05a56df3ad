import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Endpoint } from "../endpoint.ts";
import { OBSERVER_PORTS } from "../observer/question.ts";
import type { Punch, PunchOrder } from "./orders.ts";
import { connectFrom, listenOn } from "./reusable-socket.ts";

/** Below Linux' own choices (32768 and up), so that no other socket has the port. */
const PORTS = { from: 10_000, to: 30_000 } as const;
const RETRY_AFTER = 100;
/** A server that does not answer, ms. */
const PATIENCE = 3000;

/** A port whose connection to the server stays open, which keeps its mapping. */
export interface TcpPort {
  readonly port: number;
  readonly outer: Endpoint;
}

export async function prepareTcp(server: string, localPort?: number): Promise<TcpPort | undefined> {
  const port = localPort ?? randomInt(PORTS.from, PORTS.to);
  const connection = connectFrom(port, { address: server, port: OBSERVER_PORTS[0] });
  try {
    const [line] = await once(connection, "data", { signal: AbortSignal.timeout(PATIENCE) });
    // Keeps the line from being an error when the process ends first.
    connection.on("error", () => connection.destroy());
    return { port, outer: JSON.parse(String(line)) as Endpoint };
  } catch {
    // Not reached, whatever the system calls it: the answer is that there is no way.
    connection.destroy();
    return undefined;
  }
}

/**
 * Listens and connects from the same port at once: whichever NAT lets the first packet in, there is somebody to take
 * it. Two connects that meet are a connection too (RFC 9293, section 3.5, simultaneous open).
 */
export async function punchTcp(port: number, { peer, word, patience }: PunchOrder): Promise<Punch> {
  const ended = new AbortController();
  let result: Punch = { type: "missed" };
  const talk = (socket: Socket): void => {
    socket.on("data", (data) => {
      if (data.toString() !== word || result.type === "met") return;
      result = { type: "met", from: { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 } };
      ended.abort();
    });
    socket.write(word);
  };
  const server = listenOn(port, (socket) => {
    socket.on("error", () => socket.destroy());
    talk(socket);
  });
  const until = performance.now() + patience;
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(patience)]);
  while (!signal.aborted && performance.now() < until) {
    const connecting = attempt(port, peer);
    if (connecting !== undefined) {
      connecting.once("connect", () => talk(connecting));
      await once(connecting, "close", { signal }).catch(() => undefined);
      if (result.type === "missed") connecting.destroy();
    }
    await setTimeout(RETRY_AFTER, undefined, { signal }).catch(() => undefined);
  }
  server.close();
  return result;
}

/** Undefined while the listener has a connection with just this peer. */
function attempt(port: number, peer: Endpoint): Socket | undefined {
  try {
    const socket = connectFrom(port, peer);
    socket.on("error", () => socket.destroy());
    return socket;
  } catch {
    // The port is in use for this very connection: the listener has it.
    return undefined;
  }
}
