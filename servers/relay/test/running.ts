import assert from "node:assert/strict";
import type { Link } from "@pulpit/link";
import { dial, type Log, silentLog } from "@pulpit/link-node";
import { canSplice } from "@pulpit/net-linux";
import { joinRelay } from "@pulpit/protocol";
import { encodeServerMessage } from "@pulpit/wire";
import { RELAY_DEFAULTS, type RelayConfig } from "../src/config.ts";
import type { DataPathType } from "../src/data-path.ts";
import { type RelayServer, startRelay } from "../src/server.ts";

export const LOCAL = "127.0.0.1";
const KEY = "key";
export const PATHS: readonly DataPathType[] = canSplice() ? ["fast", "portable"] : ["portable"];
const LARGE = 32 * 1024 * 1024;

/** A relay on free ports of loopback. */
export async function started(config: Partial<RelayConfig> = {}, log: Log = silentLog): Promise<RelayServer> {
  const serverKey = { publicKey: new Uint8Array(32), publicText: KEY };
  const relay = await startRelay({ ...RELAY_DEFAULTS, port: 0, host: LOCAL, serverKey, ...config }, { log });
  if (config.dataPath !== undefined) assert.equal(relay.stats().dataPath, config.dataPath);
  return relay;
}

export const tcp = (relay: RelayServer): Promise<Link> =>
  dial(`${LOCAL}:${relay.ports.main}`, { route: "relay", signal: AbortSignal.timeout(60_000) });
export const websocket = (relay: RelayServer): Promise<Link> =>
  dial(`ws://${LOCAL}:${relay.ports.websocket}`, { route: "relay", signal: AbortSignal.timeout(60_000) });

/** A party that has shown this uuid. */
export async function joined(open: Promise<Link>, uuid: string, licenceKey: string = KEY): Promise<Link> {
  const link = await open;
  link.limit(LARGE);
  await link.send(encodeServerMessage(joinRelay({ uuid, licenceKey })));
  return link;
}

/** Each has heard the other. */
export async function exchange(a: Link, b: Link): Promise<void> {
  await Promise.all([a.send(Uint8Array.of(1, 2, 3)), b.send(Uint8Array.of(4))]);
  assert.deepEqual([...((await b.receive()) ?? [])], [1, 2, 3]);
  assert.deepEqual([...((await a.receive()) ?? [])], [4]);
}

/** A pair that has exchanged something. */
export async function pair(relay: RelayServer, uuid: string, open = tcp): Promise<readonly [Link, Link]> {
  const [a, b] = [await joined(open(relay), uuid), await joined(open(relay), uuid)];
  await exchange(a, b);
  return [a, b];
}

/** Resolves when the condition holds; the test's own time limit is the patience. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What an ended link gives, however it ended. */
export const ended = (link: Link): Promise<Uint8Array | undefined> => link.receive().catch(() => undefined);

export const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255);
export const same = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.compare(a, b) === 0;
