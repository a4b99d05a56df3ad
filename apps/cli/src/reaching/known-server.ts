import { ProfileFolder } from "@pulpit/profile-node";
import { ID_SERVER_PORT, parseServerAddress, publicKeyOf, RELAY_PORT, type ServerAddress } from "@pulpit/protocol";
import type { Env } from "../env.ts";
import { KeptSettings } from "../host-config/kept-settings.ts";
import { UsageError } from "../usage.ts";

/** An ID server and its key: by its ports, or by its web address alone, as behind a firewall that lets nothing else out. */
export type KnownServer =
  | { readonly type: "ports"; readonly address: ServerAddress; readonly key: string }
  /** `url`: ws:// or wss://, without a path. */
  | { readonly type: "websocket"; readonly url: string; readonly key: string };

/** What the command line says about the server. */
export interface GivenServer {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
}

/** The server that is meant, and the relay its owner named; by default those of this computer's host. Throws UsageError. */
export function serverOf(
  given: GivenServer,
  env: Env,
): { readonly server: KnownServer; readonly relay: ServerAddress | undefined } {
  const kept = new KeptSettings(new ProfileFolder(env.home)).config;
  const text = given.server ?? kept.server;
  // Another server than the host's has another key.
  const key =
    given.key ?? (given.server === undefined || given.server === kept.server ? kept["server-key"] : undefined);
  if (text === undefined) throw new UsageError("Which server? This computer's host has none; give --server and --key");
  if (key === undefined) throw new UsageError("--key is missing: the server's public key; 'pulpit server' prints it");
  if (publicKeyOf(key) === undefined) throw new UsageError("--key wants the server's public key, 44 characters");
  if (/^wss?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw new UsageError(`--server wants HOST, HOST:PORT or wss://HOST, not '${text}'`);
    const { protocol, host } = new URL(text);
    return { server: { type: "websocket", url: `${protocol}//${host}`, key }, relay: undefined };
  }
  const address = parseServerAddress(text, ID_SERVER_PORT);
  if (address === undefined) throw new UsageError(`--server wants HOST or HOST:PORT, not '${text}'`);
  const named = given.server === undefined && kept.relay !== undefined ? kept.relay : undefined;
  const relay = named === undefined ? undefined : parseServerAddress(named, RELAY_PORT);
  return { server: { type: "ports", address, key }, relay };
}

/** Whether this computer's host names a server with its key. */
export function hasOwnServer(env: Env): boolean {
  const kept = new KeptSettings(new ProfileFolder(env.home)).config;
  return kept.server !== undefined && kept["server-key"] !== undefined;
}
