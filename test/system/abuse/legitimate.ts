import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { type DatagramSocket, framed, type Link } from "@pulpit/link";
import { dial, openUdp, socketStream } from "@pulpit/link-node";
import {
  decodeServerMessage,
  encodeServerMessage,
  type RegisterPkResponse_Result as Result,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { ServerProcess } from "./server-process.ts";

const HOST = "127.0.0.1";

/** A device that registers by datagram, as stock ones do. */
export class Device implements AsyncDisposable {
  readonly id: string;
  readonly uuid: Uint8Array = randomBytes(16);
  readonly publicKey: Uint8Array = randomBytes(32);
  readonly #socket: DatagramSocket;
  readonly #port: number;
  readonly #received: ServerMessage[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: DatagramSocket, port: number, id: string) {
    this.#socket = socket;
    this.#port = port;
    this.id = id;
    void this.#listen();
  }

  /** `from`: the loopback address it lives at. */
  static async at(server: ServerProcess, from: string, id: string = randomId()): Promise<Device> {
    return new Device(await openUdp({ host: from, port: 0 }), server.ports.main, id);
  }

  /** What came and nobody has taken yet. */
  get unread(): number {
    return this.#received.length;
  }

  async #listen(): Promise<void> {
    for (let next = await this.#socket.receive(); next !== undefined; next = await this.#socket.receive()) {
      this.#received.push(decodeServerMessage(next.data));
      this.#wake();
    }
  }

  send(message: ServerMessageInit): void {
    this.#socket.send(encodeServerMessage(message), { host: HOST, port: this.#port });
  }

  /** The next message of this kind; others are dropped. */
  async next<Case extends ServerMessage["case"]>(
    wanted: Case,
    signal?: AbortSignal,
  ): Promise<Extract<ServerMessage, { case: Case }>> {
    for (;;) {
      const message = this.#received.shift();
      if (message?.case === wanted) return message as Extract<ServerMessage, { case: Case }>;
      signal?.throwIfAborted();
      if (message !== undefined) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  async register(signal?: AbortSignal): Promise<Result> {
    this.send({ case: "registerPk", value: { id: this.id, uuid: this.uuid, pk: this.publicKey } });
    return (await this.next("registerPkResponse", signal)).value.result;
  }

  /** True when the server wants the key again. */
  async alive(signal?: AbortSignal): Promise<boolean> {
    this.send({ case: "registerPeer", value: { id: this.id } });
    return (await this.next("registerPeerResponse", signal)).value.requestPk;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close();
  }
}

export function randomId(): string {
  return String(100_000_000 + (randomBytes(4).readUInt32LE() % 900_000_000));
}

/** A TCP connection from one of the loopback addresses; `dial` always comes from the first. */
export async function dialFrom(from: string, port: number, route: "server" | "relay"): Promise<Link> {
  const socket = connect({ host: HOST, port, localAddress: from });
  await once(socket, "connect");
  return framed(socketStream(socket, route), 64 * 1024);
}

/** One question on a connection of its own. */
async function ask(address: string, message: ServerMessageInit, signal: AbortSignal): Promise<ServerMessage> {
  const link = await dial(address, { route: "server", signal });
  try {
    await link.send(encodeServerMessage(message));
    return decodeServerMessage((await link.receive()) ?? new Uint8Array(0));
  } finally {
    void link.close();
  }
}

/** A viewer asks for a device; done when the device has been called. */
export async function call(server: ServerProcess, device: Device, from: string, signal: AbortSignal): Promise<void> {
  const link = await dialFrom(from, server.ports.main, "server");
  try {
    const value = { id: device.id, licenceKey: server.key, forceRelay: true };
    await link.send(encodeServerMessage({ case: "punchHoleRequest", value }));
    await device.next("punchHole", signal);
  } finally {
    void link.close();
  }
}

/** A viewer asks for an ID nobody has: the whole way through the server and back, without a device. */
export async function askForNobody(server: ServerProcess, address: string, signal: AbortSignal): Promise<void> {
  const value = { id: randomId(), licenceKey: server.key };
  const reply = await ask(address, { case: "punchHoleRequest", value }, signal);
  assert.equal(reply.case, "punchHoleResponse");
}

/** Which outward port of this machine a connection has, as the server sees it. */
export async function testNat(address: string, signal: AbortSignal): Promise<void> {
  const reply = await ask(address, { case: "testNatRequest", value: {} }, signal);
  assert.ok(reply.case === "testNatResponse" && reply.value.port > 0);
}

export function atRelay(uuid: string, licenceKey: string): Uint8Array {
  return encodeServerMessage({ case: "requestRelay", value: { uuid, licenceKey } });
}

/** Two parties find each other at the relay. */
export async function joined(
  server: ServerProcess,
  address: string,
  signal: AbortSignal,
  uuid: string = randomUUID(),
): Promise<[Link, Link]> {
  const request = atRelay(uuid, server.key);
  const pair = [
    await dial(address, { route: "relay", signal }),
    await dial(address, { route: "relay", signal }),
  ] as const;
  for (const party of pair) await party.send(request);
  return [...pair];
}

/** Two parties meet, and a message gets through both ways. */
export async function relay(server: ServerProcess, address: string, signal: AbortSignal): Promise<void> {
  const [first, second] = await joined(server, address, signal);
  try {
    const hello = randomBytes(100);
    await first.send(hello);
    assert.deepEqual(Buffer.from((await second.receive()) as Uint8Array), hello);
    await second.send(hello);
    assert.deepEqual(Buffer.from((await first.receive()) as Uint8Array), hello);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

export async function fetchPage(server: ServerProcess, signal: AbortSignal): Promise<void> {
  // A connection of its own, as a visitor who comes now has it.
  const url = `http://${HOST}:${server.ports.web}/config.json`;
  const response = await fetch(url, { signal, headers: { connection: "close" } });
  assert.deepEqual(((await response.json()) as { serverKey: string }).serverKey, server.key);
}
