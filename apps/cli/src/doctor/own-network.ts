import { framed, type Link } from "@pulpit/link";
import { dialFrom } from "@pulpit/link-node";
import type { Random, ServerAddress } from "@pulpit/protocol";
import { ownAddresses, sharedPorts, udpPortAt } from "@pulpit/ways-node";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";

/** Each question has this long, ms. */
const PATIENCE = 4_000;
/** Messages of the server that are looked at for an answer. */
const MAX_MESSAGES = 4;
/** Longest one, bytes. */
const LIMIT = 4096;

/** How the router in front of this machine translates, as far as one server can tell. */
export type Mapping =
  /** No translation that could be seen: the port is the own one. */
  | "kept"
  /** Another port, but the same one towards two ports of the server. */
  | "same"
  /** Another one each time: nobody can be told where to knock. */
  | "changing"
  | "unknown";

export interface OwnNetwork {
  /** Of this machine towards the server, in its own network; undefined without a way there. */
  readonly lanAddress: string | undefined;
  /** Its public IPv6 address; undefined without one. */
  readonly ipv6: string | undefined;
  /** The server is in this network too: what it sees is not what others see. */
  readonly serverIsNear: boolean;
  /** Whether the server is reached by datagrams, and the port those seem to come from. */
  readonly udp: { readonly localPort: number; readonly outerPort: number } | "no-answer";
  /** Of TCP, towards two ports of the server (docs/protocol/rendezvous.md, section 4.5). */
  readonly mapping: Mapping;
}

/** What can be learned about this machine's way out, by asking the ID server. */
export async function checkOwnNetwork(server: ServerAddress, random: Random): Promise<OwnNetwork> {
  const [{ lan: lanAddress, ipv6, serverIsNear }, udp, mapping] = await Promise.all([
    ownAddresses(server),
    udpPortAt(server, random, AbortSignal.timeout(PATIENCE)),
    mappingAt(server),
  ]);
  return { lanAddress, ipv6, serverIsNear, udp: udp ?? "no-answer", mapping };
}

async function mappingAt({ host, port }: ServerAddress): Promise<Mapping> {
  try {
    const first = await portSeenAt({ host, port }, 0);
    const second = await portSeenAt({ host, port: port - 1 }, first.localPort);
    if (first.seen !== second.seen) return "changing";
    return first.seen === first.localPort ? "kept" : "same";
  } catch {
    // One of the ports can't be reached, which is said elsewhere.
    return "unknown";
  }
}

/** Asks one port of the server from one of ours; 0: a free one. */
async function portSeenAt(
  to: ServerAddress,
  localPort: number,
): Promise<{ readonly localPort: number; readonly seen: number }> {
  const signal = AbortSignal.timeout(PATIENCE);
  const dialled = await dialFrom(localPort, to, { route: "server", signal, family: 4, ...sharedPorts() });
  const link = framed(dialled.stream, LIMIT);
  const abort = (): void => void link.close(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await link.send(encodeServerMessage({ case: "testNatRequest", value: {} }));
    return { localPort: dialled.localPort, seen: await answer(link) };
  } finally {
    signal.removeEventListener("abort", abort);
    await link.close();
  }
}

async function answer(link: Link): Promise<number> {
  for (let i = 0; i < MAX_MESSAGES; i++) {
    const bytes = await link.receive();
    if (bytes === undefined) break;
    const message = decodeServerMessage(bytes);
    if (message.case === "testNatResponse") return message.value.port;
  }
  throw new Error("no answer");
}
