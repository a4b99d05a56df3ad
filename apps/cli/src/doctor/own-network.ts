import { framed, type Link } from "@pulpit/link";
import { dialFrom } from "@pulpit/link-node";
import type { NatFiltering, NatMapping, Random, ServerAddress } from "@pulpit/protocol";
import { natTowards, ownAddresses, sharedPorts, udpPortAt } from "@pulpit/ways-node";
import { decodeServerMessage, encodeServerMessage } from "@pulpit/wire";
import { type Nat, natOf } from "./nat-names.ts";

/** Each question has this long, ms. */
const PATIENCE = 4_000;
/** Messages of the server that are looked at for an answer. */
const MAX_MESSAGES = 4;
/** Longest one, bytes. */
const LIMIT = 4096;

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
  readonly mapping: NatMapping;
  /** Of UDP, towards two ports of the server. */
  readonly udpMapping: NatMapping;
  /** Whether answers over UDP are let in from a port of the server that was not spoken to. */
  readonly udpFiltering: NatFiltering;
  /** What RFC 4787 calls the NAT in front of this machine; undefined where none was seen, or none could be. */
  readonly nat?: Nat;
}

/** What can be learned about this machine's way out, by asking the ID server. */
export async function checkOwnNetwork(server: ServerAddress, random: Random): Promise<OwnNetwork> {
  const [{ lan: lanAddress, ipv6, serverIsNear }, udp, mapping, found] = await Promise.all([
    ownAddresses(server),
    udpPortAt(server, random, AbortSignal.timeout(PATIENCE)),
    mappingAt(server),
    natTowards(server, random),
  ]);
  const nat = serverIsNear ? undefined : natOf(found);
  return {
    ...{ lanAddress, ipv6, serverIsNear, udp: udp ?? "no-answer", mapping },
    ...{ udpMapping: found.mapping, udpFiltering: found.filtering },
    ...(nat === undefined ? {} : { nat }),
  };
}

async function mappingAt({ host, port }: ServerAddress): Promise<NatMapping> {
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
