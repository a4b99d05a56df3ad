// What stock clients send, put together from docs/protocol alone: nothing of ours encodes or decodes here.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HOST = "127.0.0.1";
/** Nobody waits longer for an answer, ms. */
const ANSWER_WITHIN = 10_000;

/** A protobuf field that holds bytes; numbers below 16 384 and lengths below 128 are all there is here. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

/** The header of docs/protocol/wire.md, section 2.1, for what has less than 16 384 bytes. */
export function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(message.length < 64 ? 1 : 2);
  if (message.length < 64) header.writeUInt8(message.length << 2);
  else header.writeUInt16LE((message.length << 2) | 1);
  return Buffer.concat([header, message]);
}

/** Members of RendezvousMessage by number (docs/protocol/rendezvous.md, chapter 1). */
export const message = {
  registerPeer: (id: string): Buffer => field(6, Buffer.concat([field(1, id), numberField(2, 3)])),
  registerPk: (id: string, uuid: Buffer, pk: Buffer): Buffer =>
    field(15, Buffer.concat([field(1, id), field(2, uuid), field(3, pk)])),
  punchHoleRequest: (id: string, key: string): Buffer => field(8, Buffer.concat([field(1, id), field(3, key)])),
  requestRelay: (id: string, uuid: string, key: string): Buffer =>
    field(18, Buffer.concat([field(1, id), field(2, uuid), field(6, key)])),
  natTest: (): Buffer => field(20, ""),
};

/** A device's socket. */
export async function device(): Promise<
  { ask(port: number, datagram: Buffer): Promise<Buffer>; next(): Promise<Buffer> } & Disposable
> {
  const socket = createSocket("udp4");
  socket.bind(0, HOST);
  await once(socket, "listening");
  const next = async (): Promise<Buffer> => {
    const [datagram] = await once(socket, "message", { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return datagram as Buffer;
  };
  return {
    next,
    ask(port, datagram) {
      const answer = next();
      socket.send(datagram, port, HOST);
      return answer;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** A connection on which bytes are counted, not understood. */
export async function stream(
  port: number,
): Promise<{ socket: Socket; bytes(count: number): Promise<Buffer> } & Disposable> {
  const socket = connect(port, HOST);
  await once(socket, "connect", { signal: AbortSignal.timeout(ANSWER_WITHIN) });
  let got = Buffer.alloc(0);
  let wake = (): void => undefined;
  let over = false;
  socket.on("data", (chunk: Buffer) => {
    got = Buffer.concat([got, chunk]);
    wake();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    over = true;
    wake();
  });
  return {
    socket,
    async bytes(count) {
      const late = AbortSignal.timeout(ANSWER_WITHIN);
      while (got.length < count) {
        if (over) throw new Error(`the connection ended after ${got.length} bytes`);
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          late.addEventListener("abort", () => reject(new Error(`only ${got.length} bytes came`)), { once: true });
        });
      }
      const taken = got.subarray(0, count);
      got = got.subarray(count);
      return taken;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** A number as protobuf writes it. */
export function varint(value: number): Buffer {
  const low = value & 127;
  return value < 128 ? Buffer.of(low) : Buffer.concat([Buffer.of(low | 128), varint(value >>> 7)]);
}
