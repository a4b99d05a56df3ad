import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { duplicateOf, openSplicer, type SpliceOrder, type Splicer } from "@pulpit/net-linux";

export interface Ends {
  readonly pair: number;
  readonly left: Socket;
  readonly right: Socket;
}

/** A splicer, and connections it joins: `left` and `right` are the far ends, as peers of a relay have them. */
export interface Scene extends AsyncDisposable {
  readonly splicer: Splicer;
  readonly allowances: Int32Array;
  readonly progress: Float64Array;
  /** Pairs that have ended, in this order. */
  readonly ended: readonly number[];
  readonly failures: readonly Error[];
  /** A connection: the peer's end, and a descriptor of ours. */
  dial(): Promise<{ readonly peer: Socket; readonly fd: number }>;
  join(pair: number, order?: Partial<SpliceOrder>): Promise<Ends>;
  /** Resolves when that many pairs have ended. */
  untilEnded(count: number): Promise<void>;
  untilFailed(): Promise<void>;
}

export async function openScene(maxPairs = 8): Promise<Scene> {
  const allowances = new SharedArrayBuffer(16);
  const progress = new SharedArrayBuffer(maxPairs * 8);
  const ended: number[] = [];
  const failures: Error[] = [];
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const splicer = await openSplicer(
    { allowances, progress, maxPairs },
    {
      ended(pair) {
        ended.push(pair);
        change();
      },
      failed(error) {
        failures.push(error);
        change();
      },
    },
  );
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const peers: Socket[] = [];
  const scene: Scene = {
    splicer,
    allowances: new Int32Array(allowances),
    progress: new Float64Array(progress),
    ended,
    failures,
    async dial() {
      const accepted = once(server, "connection");
      const peer = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
      peer.on("error", () => undefined);
      peers.push(peer);
      const [socket] = (await accepted) as [Socket];
      const fd = duplicateOf(socket);
      if (fd === undefined) throw new Error("no descriptor");
      socket.destroy();
      await once(socket, "close");
      return { peer, fd };
    },
    async join(pair, order = {}) {
      const left = await scene.dial();
      const right = await scene.dial();
      const nothing = new Uint8Array();
      const ends = { first: left.fd, second: right.fd };
      splicer.join({ pair, ...ends, toFirst: nothing, toSecond: nothing, slots: [], ...order });
      return { pair, left: left.peer, right: right.peer };
    },
    async untilEnded(count) {
      while (ended.length < count) await changed.promise;
    },
    async untilFailed() {
      while (failures.length === 0) await changed.promise;
    },
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.destroy();
      server.close();
      await splicer.close();
    },
  };
  return scene;
}

/** The next `size` bytes. */
export async function take(socket: Socket, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let missing = size; missing > 0; ) {
    const chunk = socket.read(Math.min(missing, Math.max(1, socket.readableLength))) as Buffer | null;
    if (chunk === null) {
      if (socket.readableEnded || socket.destroyed) throw new Error(`ended ${missing} bytes too early`);
      const { signal, abort } = abortable();
      await Promise.race([once(socket, "readable", { signal }), once(socket, "end", { signal })]).finally(abort);
      continue;
    }
    chunks.push(chunk);
    missing -= chunk.length;
  }
  return Buffer.concat(chunks);
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Everything until the end. */
export async function takeAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
