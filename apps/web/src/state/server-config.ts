import { type IceServer, iceServersIn } from "@pulpit/protocol";
import type { ViewerTarget } from "@pulpit/viewer";

/** Where this page's server is, and the key that vouches for hosts. */
export interface ServerConfig {
  readonly serverKey: string;
  readonly idServer: string;
  readonly relay: string;
  /** Servers that help two computers to find a way to each other; often none. */
  readonly iceServers: readonly IceServer[];
  /** Another port of this server that answers STUN, to find out what a router does with ports. */
  readonly natTest?: IceServer;
}

/** What the gateway tells its page; undefined when it is nothing of the kind. `page`: address of the page. */
export function parseServerConfig(answer: unknown, page: string): ServerConfig | undefined {
  const { serverKey, idPath, relayPath, iceServers, natTest } = (answer ?? {}) as Record<string, unknown>;
  if (typeof serverKey !== "string" || !/^[A-Za-z0-9+/]{43}=$/.test(serverKey)) return undefined;
  const idServer = socketAddress(idPath, page);
  const relay = socketAddress(relayPath, page);
  if (idServer === undefined || relay === undefined) return undefined;
  // Without them fewer ways are found, but the relay is always there.
  const known = {
    serverKey,
    idServer,
    relay,
    iceServers: typeof iceServers === "string" ? iceServersIn(iceServers) : [],
  };
  const tester = typeof natTest === "string" ? ownStun(natTest, page) : undefined;
  return tester === undefined ? known : { ...known, natTest: tester };
}

/** A STUN server under the page's own name, never another one. */
function ownStun(text: string, page: string): IceServer | undefined {
  const own = new URL(page).hostname.replace(/^\[|\]$/g, "");
  return iceServersIn(text).find(({ scheme, host }) => scheme === "stun" && host.toLowerCase() === own);
}

/** `bridge`: a program of this computer serves the page, and there is no server. */
export async function loadServerConfig(signal: AbortSignal): Promise<ServerConfig | "bridge" | undefined> {
  try {
    const response = await fetch("/config.json", { signal });
    if (!response.ok) return undefined;
    const answer: unknown = await response.json();
    if ((answer as { bridge?: unknown } | null)?.bridge === true) return "bridge";
    return parseServerConfig(answer, globalThis.location.href);
  } catch {
    return undefined;
  }
}

/** From this page everything goes through its own server, whatever relay the ID server names. */
export function targetOf(config: ServerConfig, hostId: string, relayOnly: boolean): ViewerTarget {
  const { idServer, relay, serverKey } = config;
  return { hostId, idServer, relayAddress: () => relay, serverKey, relayOnly };
}

/** A WebSocket on the page's own server: a path, never another host. */
function socketAddress(path: unknown, page: string): string | undefined {
  if (typeof path !== "string" || !/^\/[\w/-]*$/.test(path) || path.startsWith("//")) return undefined;
  const url = new URL(path, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
