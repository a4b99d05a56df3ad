// Runs in a thread of its own: sends garbage as fast as it can, so that who measures is not held up.
import { createSocket, type Socket } from "node:dgram";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { loopbackAddress } from "./addresses.ts";
import { garbage } from "./garbage.ts";

export interface Flood {
  /** Port of the server on 127.0.0.1. */
  readonly port: number;
  readonly datagrams: number;
  /** Addresses to send from: `sources` of them, the first with this index. */
  readonly firstSource: number;
  readonly sources: number;
  /** Datagrams in a second; left out: as fast as it goes. */
  readonly perSecond?: number;
}

interface Done {
  /** Datagrams that came back. */
  readonly answers: number;
  readonly seconds: number;
}

/** Different datagrams; more would cost the sender more than the server. */
const POOL = 20_000;
/** Datagrams between two turns of the event loop; a network that is not full brings them more evenly. */
const BATCH = { paced: 10, flatOut: 200 };

/** Starts a flood: `started` when the first datagram leaves, `done` when all are sent. */
export function flood(options: Flood): { started: Promise<void>; done: Promise<Done> } {
  const worker = new Worker(new URL(import.meta.url), { workerData: { flood: options } });
  const started = Promise.withResolvers<void>();
  const done = Promise.withResolvers<Done>();
  worker.on("message", (message: "started" | Done) => {
    if (message === "started") started.resolve();
    else done.resolve(message);
  });
  worker.once("error", (error) => {
    started.reject(error);
    done.reject(error);
  });
  return { started: started.promise, done: done.promise };
}

async function source(index: number, port: number): Promise<Socket> {
  const socket = createSocket("udp4");
  // A full buffer or a port that is gone is nothing to a flood.
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => socket.bind({ address: loopbackAddress(index), port: 0 }, resolve));
  await new Promise<void>((resolve) => socket.connect(port, "127.0.0.1", resolve));
  return socket;
}

async function run({
  port,
  datagrams,
  firstSource,
  sources,
  perSecond = Number.POSITIVE_INFINITY,
}: Flood): Promise<Done> {
  const pool = Array.from({ length: POOL }, garbage);
  const sockets: Socket[] = [];
  let answers = 0;
  for (let i = 0; i < sources; i++) {
    const socket = await source(firstSource + i, port);
    socket.on("message", () => {
      answers += 1;
    });
    sockets.push(socket);
  }
  const batch = perSecond === Number.POSITIVE_INFINITY ? BATCH.flatOut : BATCH.paced;
  parentPort?.postMessage("started");
  const start = performance.now();
  for (let sent = 0; sent < datagrams; sent++) {
    const datagram = pool[Math.floor(Math.random() * POOL)] as Uint8Array;
    (sockets[sent % sources] as Socket).send(datagram);
    if (sent % batch !== 0) continue;
    do await new Promise((resolve) => setImmediate(resolve));
    while (sent > ((performance.now() - start) / 1000) * perSecond);
  }
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.close();
  return { answers, seconds };
}

const given = (workerData as { flood?: Flood } | null)?.flood;
if (given !== undefined) parentPort?.postMessage(await run(given));
