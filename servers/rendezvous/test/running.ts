import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import type { DatagramSocket, Link } from "@pulpit/link";
import { dial, type Log, openUdp, silentLog } from "@pulpit/link-node";
import { decodeServerMessage, encodeServerMessage, type ServerMessage, type ServerMessageInit } from "@pulpit/wire";
import { DEFAULTS, type RendezvousConfig } from "../src/config.ts";
import { loadServerKey, type ServerKey } from "../src/key-files.ts";
import { type RendezvousServer, startRendezvous } from "../src/server.ts";

export const LOCAL = "127.0.0.1";
export const bytes = (from: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);

/** A folder for one test, gone afterwards. */
export function folder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "pulpit-id-server-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** An ID server on free ports of loopback, with its key and database in `path`. */
export async function started(
  path: string,
  config: Partial<RendezvousConfig> = {},
  log: Log = silentLog,
): Promise<RendezvousServer & { readonly key: ServerKey; readonly databasePath: string }> {
  const key = loadServerKey(path, nodeCrypto(), nodeRandom());
  const databasePath = join(path, "pulpit.sqlite3");
  const server = await startRendezvous({ ...DEFAULTS, port: 0, host: LOCAL, ...config }, { log, key, databasePath });
  return { ...server, key, databasePath };
}

const within = (ms = 20_000): AbortSignal => AbortSignal.timeout(ms);

/** A stream connection to a server's port; a `ws://` address for WebSocket. */
export function connected(address: number | string): Promise<Link> {
  const to = typeof address === "number" ? `${LOCAL}:${address}` : address;
  return dial(to, { route: "server", signal: within() });
}

export async function received(link: Link): Promise<ServerMessage> {
  const message = await link.receive();
  assert.ok(message !== undefined, "the connection ended");
  return decodeServerMessage(message);
}

export async function ask(link: Link, message: ServerMessageInit): Promise<ServerMessage> {
  await link.send(encodeServerMessage(message));
  return received(link);
}

/** A device's socket. */
export function datagrams(): Promise<DatagramSocket> {
  return openUdp({ port: 0, host: LOCAL });
}

export async function exchange(
  socket: DatagramSocket,
  port: number,
  message: ServerMessageInit,
): Promise<ServerMessage> {
  socket.send(encodeServerMessage(message), { host: LOCAL, port });
  const answer = await socket.receive();
  return decodeServerMessage(answer?.data ?? new Uint8Array(0));
}
