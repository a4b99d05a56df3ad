import { createSocket } from "node:dgram";
import type { Socket } from "node:net";
import { listenTcp } from "@pulpit/link-node";

/** Connections to one listener at a time. */
const MAX_CONNECTIONS = 64;

/** Somebody at whom peers are pointed who want to talk to somebody else. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Every byte that came, in one for each connection. */
  readonly heard: Buffer[];
  /** Resolves with the number of connections once there are that many. */
  visited(times: number): Promise<number>;
}

/** A TCP port that keeps what it hears; `greet`: what is said to whoever comes. */
export async function tcpListener(greet: (socket: Socket) => void = () => undefined): Promise<Listener> {
  const heard: Buffer[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: MAX_CONNECTIONS }, (socket) => {
    const place = heard.push(Buffer.alloc(0)) - 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      heard[place] = Buffer.concat([heard[place] as Buffer, data]);
    });
    greet(socket);
    for (const wake of waiting) wake();
  });
  return {
    port: listener.port,
    heard,
    async visited(times) {
      while (heard.length < times) await new Promise<void>((resolve) => waiting.add(resolve));
      return heard.length;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await listener.close();
    },
  };
}

/** A UDP port of somebody who has nothing to do with any of this, and another address than everybody else here. */
export interface Victim extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** What arrived: length in bytes and port of the sender. */
  readonly hits: { readonly length: number; readonly from: number }[];
  hit(times: number): Promise<void>;
}

export async function udpVictim(): Promise<Victim> {
  const host = "127.0.0.2";
  const hits: { length: number; from: number }[] = [];
  const waiting = new Set<() => void>();
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  socket.on("message", (data, from) => {
    hits.push({ length: data.length, from: from.port });
    for (const wake of waiting) wake();
  });
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  return {
    host,
    port: socket.address().port,
    hits,
    async hit(times) {
      while (hits.length < times) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
