import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { framed, type Link } from "@pulpit/link";
import { dial, listenTcp, socketStream } from "@pulpit/link-node";
import {
  decodeServerMessage,
  encodeServerMessage,
  type PunchHole,
  type PunchHoleResponse,
  type RelayResponse,
  type ServerMessage,
  type ServerMessageInit,
} from "@pulpit/wire";
import type { Servers } from "../world.ts";

const LOOPBACK = "127.0.0.1";
/** Largest message taken, bytes. */
const LIMIT = 64 * 1024;
/** Connections and datagram clients at a time: more than any test needs. */
const MAX_CLIENTS = 512;

/** A message on its way through the server. */
export interface Passing {
  readonly message: ServerMessage;
  readonly from: "client" | "server";
  readonly over: "tcp" | "udp";
}

/** What becomes of a message: another one takes its place, it goes on as it is, or it is kept back. */
export type Lie = (passing: Passing) => ServerMessageInit | "truth" | "silence" | Promise<ServerMessageInit>;

interface Client {
  readonly host: string;
  readonly port: number;
}

/**
 * An ID server that lies. It stands before a real one, so that it has everything a real one has but the signing key: what
 * is signed it can pass on, keep back, or show again, and everything else it can change. It offers hosts no encrypted
 * connection, which brings them to datagrams.
 */
export class LyingServer implements AsyncDisposable {
  /** For `startHost` and `lookAt`: the same servers, with this one in place of the ID server. */
  readonly servers: Servers;
  /** Changes from one lie to another at any time. */
  lie: Lie = () => "truth";
  /** Everything that passed, as it came in. */
  readonly seen: Passing[] = [];
  readonly #real: Client;
  readonly #datagrams: DatagramSocket;
  readonly #upstream = new Map<string, DatagramSocket>();
  readonly #links = new Set<Link>();
  readonly #hosts = new Map<string, Client>();
  readonly #abort = new AbortController();
  #listener: { readonly port: number; close(): Promise<void> } | undefined;
  #expected = 1;

  private constructor(real: Servers, port: number, datagrams: DatagramSocket) {
    this.#real = { host: LOOPBACK, port: real.rendezvous.ports.main };
    this.#datagrams = datagrams;
    const ports = { ...real.rendezvous.ports, main: port };
    this.servers = { ...real, rendezvous: { ...real.rendezvous, ports } };
  }

  static async start(real: Servers): Promise<LyingServer> {
    let accept: (link: Link) => void = (link) => void link.close();
    const listener = await listenTcp({ host: LOOPBACK, port: 0, maxConnections: MAX_CLIENTS }, (socket) =>
      accept(framed(socketStream(socket, "server"), LIMIT)),
    );
    const datagrams = await bound(listener.port);
    const server = new LyingServer(real, listener.port, datagrams);
    server.#listener = listener;
    accept = (link) => void server.#connected(link);
    datagrams.on("message", (data, from) => void server.#fromClient(data, { host: from.address, port: from.port }));
    return server;
  }

  /** One more host is about to register; its first connection is closed, so that it does not wait for an offer. */
  expectHost(): void {
    this.#expected += 1;
  }

  /** Says something to a host that nobody asked for. */
  tellHost(id: string, message: ServerMessageInit): Promise<number> {
    const data = encodeServerMessage(message);
    const to = this.#hosts.get(id);
    if (to === undefined) throw new Error("this host has not registered here");
    return new Promise((resolve, reject) =>
      this.#datagrams.send(data, to.port, to.host, (error) => (error ? reject(error) : resolve(data.length))),
    );
  }

  /** The last call of a host that passed. */
  get lastCall(): PunchHole {
    const calls = this.seen.flatMap(({ message }) => (message.case === "punchHole" ? [message.value] : []));
    const last = calls.at(-1);
    if (last === undefined) throw new Error("no host was called");
    return last;
  }

  /** What hosts and the server said of meetings on a relay. */
  get relayResponses(): readonly RelayResponse[] {
    return this.seen.flatMap(({ message }) => (message.case === "relayResponse" ? [message.value] : []));
  }

  /** The server's last answer to a viewer. */
  get lastAnswer(): PunchHoleResponse {
    const answers = this.seen.flatMap(({ message }) => (message.case === "punchHoleResponse" ? [message.value] : []));
    const last = answers.at(-1);
    if (last === undefined) throw new Error("no viewer was answered");
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    for (const link of this.#links) void link.close(new Error("over"));
    for (const socket of this.#upstream.values()) socket.close();
    this.#datagrams.close();
    await this.#listener?.close();
  }

  async #connected(client: Link): Promise<void> {
    // What comes before the host is registered is its attempt at an encrypted connection.
    if (this.#hosts.size < this.#expected) {
      await client.close();
      return;
    }
    this.#links.add(client);
    let server: Link | undefined;
    try {
      server = await dial(`${LOOPBACK}:${this.#real.port}`, { route: "server", signal: this.#abort.signal });
      this.#links.add(server);
      await Promise.race([this.#carry(client, server, "client"), this.#carry(server, client, "server")]);
    } catch {
      // Whichever end broke off, the other one hears of it below.
    }
    void client.close();
    void server?.close();
    this.#links.delete(client);
    if (server !== undefined) this.#links.delete(server);
  }

  async #carry(from: Link, to: Link, side: Passing["from"]): Promise<void> {
    for (let bytes = await from.receive(); bytes !== undefined; bytes = await from.receive()) {
      const said = await this.#said(bytes, side, "tcp");
      if (said !== undefined) await to.send(said);
    }
  }

  async #said(bytes: Uint8Array, from: Passing["from"], over: Passing["over"]): Promise<Uint8Array | undefined> {
    const message = decodeServerMessage(bytes);
    // The real server's own proof that it has the key: of no use here.
    if (message.case === "keyExchange") return undefined;
    const passing: Passing = { message, from, over };
    this.seen.push(passing);
    const said = await this.lie(passing);
    if (said === "silence") return undefined;
    return said === "truth" ? bytes : encodeServerMessage(said);
  }

  async #fromClient(data: Uint8Array, client: Client): Promise<void> {
    const message = decodeServerMessage(data);
    if (message.case === "registerPk") this.#hosts.set(message.value.id, client);
    const said = await this.#said(data, "client", "udp");
    if (said === undefined) return;
    const name = `${client.host} ${client.port}`;
    let socket = this.#upstream.get(name);
    if (socket === undefined) {
      if (this.#upstream.size >= MAX_CLIENTS) return;
      socket = createSocket("udp4");
      this.#upstream.set(name, socket);
      socket.on("message", async (answer) => {
        const heard = await this.#said(answer, "server", "udp");
        if (heard !== undefined && !this.#abort.signal.aborted) this.#datagrams.send(heard, client.port, client.host);
      });
    }
    if (!this.#abort.signal.aborted) socket.send(said, this.#real.port, this.#real.host);
  }
}

async function bound(port: number): Promise<DatagramSocket> {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, LOOPBACK, resolve);
  });
  return socket;
}
